//! The pages, in each language.
//!
//! In scope: what they say. Out of scope: the paths at which they are served, and what happens to a submitted form
//! (`gateway`). The stylesheet and the script are in assets/. The pages work without the script.

mod choose_password;
mod message;
mod notice;
mod request_link;
#[cfg(test)]
mod tests;

pub use self::{
    choose_password::{ChoosePassword, UNCLEAR, choose_password},
    message::{
        failed, failed_while_changing_password, failed_while_requesting_link, link_requested, misconfigured,
        not_found, password_changed,
    },
    request_link::{RequestLink, request_link},
};

/// The `Content-Security-Policy` of the pages: nothing inline, and nothing from or to another origin.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
