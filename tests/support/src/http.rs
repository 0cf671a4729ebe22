//! Requests over HTTP.

use reqwest::{Body, Client, Method, RequestBuilder};
use serde_json::json;

use crate::{account::fresh_number, worker::Worker};

/// The header that Cloudflare adds, with the address of the client.
pub const CLIENT_ADDRESS: &str = "cf-connecting-ip";

/// The path of the call `ResetPassword`.
pub const RESET_PASSWORD: &str = "/AP/ResetPassword";

/// The path of the call `ResetPassword2`.
pub const RESET_PASSWORD2: &str = "/AP/ResetPassword2";

/// An address in 10.0.0.0/8 that no other test calls from, so that no other test uses up its rate limit.
pub fn fresh_address() -> String {
    let [_, a, b, c] = fresh_number().to_be_bytes();
    format!("10.{a}.{b}.{c}")
}

impl Worker {
    /// A request to a path that starts with a slash, from this machine's address.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        Client::new().request(method, self.url(path))
    }

    /// A GET, as [`Worker::request`].
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    /// A POST from the address of a client.
    pub fn post_from(&self, address: &str, path: &str) -> RequestBuilder {
        self.request(Method::POST, path).header(CLIENT_ADDRESS, address)
    }

    /// The call `ResetPassword2`, from a fresh address.
    pub fn reset_password2(&self, payload: impl Into<Body>) -> RequestBuilder {
        self.post_from(&fresh_address(), RESET_PASSWORD2).body(payload)
    }

    /// The call `ResetPassword`, from a fresh address, by a user who reads English.
    pub fn reset_password(&self, user_name: &str) -> RequestBuilder {
        let payload = json!({"UserName": user_name}).to_string();
        self.post_from(&fresh_address(), RESET_PASSWORD).header("Accept-Language", "en").body(payload)
    }
}
