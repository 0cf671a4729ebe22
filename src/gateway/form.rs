//! Forms as browsers submit them.

use std::borrow::Cow;

use serde_json::json;
use zeroize::Zeroizing;

/// The fields of a submitted form (URL standard, "application/x-www-form-urlencoded"). Values are wiped from memory when
/// dropped.
pub(super) struct Form(Vec<(String, Zeroizing<String>)>);

impl Form {
    /// Parses a form. A form that isn't UTF-8, which no browser sends from our pages, has no fields.
    pub(super) fn parse(body: &[u8]) -> Self {
        let field = |(name, value): (Cow<'_, str>, Cow<'_, str>)| {
            // Pasted text often has spaces around it, but in a password they count.
            let value = if name == "Password" { &*value } else { value.trim() };
            (name.into_owned(), Zeroizing::new(value.to_owned()))
        };
        let fields: Vec<_> = form_urlencoded::parse(body).map(field).collect();
        let is_utf8 = !fields.iter().any(|(_, value)| value.contains(char::REPLACEMENT_CHARACTER));
        Self(if is_utf8 { fields } else { Vec::new() })
    }

    /// Returns the first value of a field, or an empty string.
    pub(super) fn value(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Returns the payload of the call that the form makes. A field that occurs twice occurs twice in the payload, so that
    /// the call rejects it.
    pub(super) fn payload(&self) -> Zeroizing<String> {
        let members = self.0.iter().map(|(name, value)| format!("{}:{}", json!(name), json!(value.as_str())));
        Zeroizing::new(format!("{{{}}}", members.collect::<Vec<_>>().join(",")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_the_payload_of_its_call() {
        let form = Form::parse(b"UserId=+5%0D%0A&PendingCode=%20abc&Password=+two+blanks%C3%A9+");
        assert_eq!(form.value("UserId"), "5");
        assert_eq!(
            form.payload().as_str(),
            r#"{"UserId":"5","PendingCode":"abc","Password":" two blanksé "}"#
        );
    }

    #[test]
    fn a_field_cannot_inject_json() {
        let hostile = Form::parse(b"a%22%3A1%7D=%22%2C%22UserId%22%3A%226");
        assert_eq!(hostile.payload().as_str(), r#"{"a\":1}":"\",\"UserId\":\"6"}"#);
    }

    #[test]
    fn a_repeated_field_stays_repeated() {
        let form = Form::parse(b"UserId=7&UserId=1");
        assert_eq!(form.payload().as_str(), r#"{"UserId":"7","UserId":"1"}"#);
    }

    #[test]
    fn a_password_that_is_not_utf8_is_not_replaced_by_another() {
        assert_eq!(Form::parse(b"UserId=5&Password=caf%E9").payload().as_str(), "{}");
    }
}
