//! Sending a link.

use std::{fs, time::Duration};

use serde_json::{Value, json};
use ureq::{Agent, Body, http::Response};

use crate::{Failure, Place, database::Database, printable::printable, user::User};

/// How long the Worker may take to respond. A health check that fails takes it five seconds.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Where `wrangler dev` serves the Worker.
const LOCAL_URL: &str = "http://127.0.0.1:8787";

/// Sends a user a link, by the call that the page makes. Earlier links are voided first, so that no limit of e-mails keeps
/// the new one back.
pub(crate) fn send(database: &Database, user: &User, place: &Place) -> Result<String, Failure> {
    let title = user.title();
    let Some(name) = &user.name else {
        return Err(format!(
            "User {title} has no user name, so the Worker cannot be asked for a link. Set one."
        ));
    };
    let Some(email) = user.email.as_ref().filter(|email| !email.is_empty()) else {
        return Err(format!("{title} has no e-mail address. Set one, and send the link again."));
    };
    if user.locked_at.is_some() {
        return Err(format!("The account of {title} is locked. Unlock it, and send the link again."));
    }
    if user.resets_allowed == 0 {
        return Err(format!(
            "{title} cannot reset the password by e-mail. Enable resets, and send the link again."
        ));
    }
    if user.may_reset == 0 {
        return Err(format!(
            "{title} has neither the permission Operator nor Trading, so no link would work."
        ));
    }
    if user.is_cut_off == 1 {
        return Err(format!(
            "The exchange has voided the codes of {title} in advance: codes_valid_from is in the future. Until then, no link is sent."
        ));
    }
    let worker = WorkerAt::new(place)?;
    worker.check()?;
    user.update(database, "codes_valid_from = max(codes_valid_from + 2, clock.now + 60002)")?;
    worker.request_link(name).map_err(|why| {
        format!("{why}\nNo link is on its way, and the links in earlier e-mails are void. Try again.")
    })?;
    Ok(format!("A link is on its way to {}. The links in earlier e-mails are void.", printable(email)))
}

/// The Worker, from outside.
struct WorkerAt {
    url: String,
    agent: Agent,
}

impl WorkerAt {
    fn new(place: &Place) -> Result<Self, Failure> {
        let url = match &place.url {
            Some(url) => url.clone(),
            None if place.local => LOCAL_URL.to_owned(),
            None => public_url()?,
        };
        let config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0)
            .build();
        Ok(Self { url: url.trim_end_matches('/').to_owned(), agent: config.into() })
    }

    /// Fails unless this is the Worker, and it can send links.
    fn check(&self) -> Result<(), Failure> {
        let health = self.agent.get(format!("{}/health", self.url)).call();
        match self.json(health) {
            Ok(health) if health["healthy"] == true => Ok(()),
            Ok(health) => {
                Err(format!("The Worker at {} is not healthy: {health}\nNothing was changed.", self.url))
            }
            Err(why) => Err(format!("{why}\nNothing was changed.")),
        }
    }

    fn request_link(&self, user_name: &str) -> Result<(), Failure> {
        let request = self.agent.post(format!("{}/AP/ResetPassword", self.url));
        let response = self.json(request.send(json!({"UserName": user_name}).to_string()))?;
        if response["result"] == true {
            return Ok(());
        }
        Err(format!("The Worker at {} refused: {response}", self.url))
    }

    /// Reads a response, whatever its status.
    fn json(&self, response: Result<Response<Body>, ureq::Error>) -> Result<Value, Failure> {
        let mut response =
            response.map_err(|error| format!("The Worker at {} did not respond: {error}.", self.url))?;
        let text = response.body_mut().read_to_string().unwrap_or_default();
        serde_json::from_str(&text).map_err(|_| {
            let status = response.status();
            format!("There is no Worker at {}: the response is {status}, without JSON. Give its address with --url.", self.url)
        })
    }
}

/// Reads `PUBLIC_URL` in wrangler.toml.
fn public_url() -> Result<String, Failure> {
    let missing = |why: String| format!("{why}. Give the Worker's address with --url.");
    let text =
        fs::read_to_string("wrangler.toml").map_err(|error| missing(format!("wrangler.toml: {error}")))?;
    let config: toml::Table = text.parse().map_err(|error| missing(format!("wrangler.toml: {error}")))?;
    let url = config.get("vars").and_then(|vars| vars.get("PUBLIC_URL")).and_then(toml::Value::as_str);
    let url = url.ok_or_else(|| missing("wrangler.toml has no PUBLIC_URL".to_owned()))?;
    if url.starts_with("http://") {
        return Err(missing(format!("PUBLIC_URL in wrangler.toml is {url}, which is on this machine")));
    }
    Ok(url.to_owned())
}
