//! Sending a link.

use std::fs;

use crate::{Failure, database::Database, user::User};

/// Sends a user a link, by the call that the page makes. Earlier links are voided first, so that no limit of e-mails keeps
/// the new one back.
pub(crate) fn send(database: &Database, user: &User, url: Option<&str>) -> Result<String, Failure> {
    let name = user.name.as_deref().ok_or_else(|| {
        format!("User {} has no user name, so the Worker cannot be asked for a link. Set one.", user.id)
    })?;
    let Some(email) = &user.email else {
        return Err(format!("{name} has no e-mail address. Set one, and send the link again."));
    };
    if user.locked_at.is_some() {
        return Err(format!("The account of {name} is locked. Unlock it, and send the link again."));
    }
    if user.resets_allowed == 0 {
        return Err(format!(
            "{name} cannot reset the password by e-mail. Enable resets, and send the link again."
        ));
    }
    let may_reset =
        |permissions: &String| permissions.split(", ").any(|held| matches!(held, "Operator" | "Trading"));
    if !user.permissions.as_ref().is_some_and(may_reset) {
        return Err(format!(
            "{name} has neither the permission Operator nor Trading, so no link would work."
        ));
    }
    let url = match url {
        Some(url) => url.to_owned(),
        None => public_url()?,
    };
    user.update(database, "codes_valid_from = max(codes_valid_from, clock.now + 60001)")?;
    let body = serde_json::json!({"UserName": name}).to_string();
    let response = ureq::post(format!("{}/AP/ResetPassword", url.trim_end_matches('/')))
        .header("Content-Type", "application/json")
        .send(body)
        .and_then(|mut response| response.body_mut().read_to_string());
    let response = response.map_err(|error| format!("The Worker at {url} did not respond: {error}"))?;
    if response.contains(r#""result":true"#) {
        Ok(format!("A link is on its way to {email}. The links in earlier e-mails are void."))
    } else {
        Err(format!(
            "The Worker at {url} refused: {response}\nThe links in earlier e-mails are void. Try again."
        ))
    }
}

/// Reads `PUBLIC_URL` in wrangler.toml.
fn public_url() -> Result<String, Failure> {
    let missing = |why: String| format!("{why}. Give the Worker's address with --url.");
    let text =
        fs::read_to_string("wrangler.toml").map_err(|error| missing(format!("wrangler.toml: {error}")))?;
    let config: toml::Table = text.parse().map_err(|error| missing(format!("wrangler.toml: {error}")))?;
    let url = config.get("vars").and_then(|vars| vars.get("PUBLIC_URL")).and_then(toml::Value::as_str);
    url.map(str::to_owned).ok_or_else(|| missing("wrangler.toml has no PUBLIC_URL".to_owned()))
}
