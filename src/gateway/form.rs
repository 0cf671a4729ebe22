//! Forms as browsers submit them.

use std::borrow::Cow;

use zeroize::Zeroizing;

/// The fields of a submitted form (URL standard, "application/x-www-form-urlencoded"). Our copies of the values are wiped from
/// memory when dropped.
pub(super) struct Form(Vec<(String, Zeroizing<String>)>);

impl Form {
    /// Parses a form. A form that isn't UTF-8 has no fields; no browser sends one from our pages.
    pub(super) fn parse(body: &[u8]) -> Self {
        let field = |(name, value): (Cow<'_, str>, Cow<'_, str>)| {
            let value = Zeroizing::new(value.into_owned());
            // Pasted text often has spaces around it, but in a password they count.
            let is_password = name.eq_ignore_ascii_case("Password");
            let value = if is_password { value } else { Zeroizing::new(value.trim().to_owned()) };
            (name.into_owned(), value)
        };
        let fields: Vec<_> = form_urlencoded::parse(body).map(field).collect();
        let is_utf8 = !fields.iter().any(|(_, value)| value.contains(char::REPLACEMENT_CHARACTER));
        Self(if is_utf8 { fields } else { Vec::new() })
    }

    /// Returns the first value of a field, or an empty string.
    pub(super) fn value(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    /// Returns the payload of the call that the form makes. A field that occurs twice occurs twice in the payload, so that
    /// the call rejects it.
    pub(super) fn payload(&self) -> Zeroizing<Vec<u8>> {
        // An escape takes at most six bytes. So the buffer never grows, and leaves no copy behind.
        let length: usize = self.0.iter().map(|(name, value)| 6 * (name.len() + value.len() + 1)).sum();
        let mut payload = Zeroizing::new(Vec::with_capacity(length + 2));
        payload.push(b'{');
        for (index, (name, value)) in self.0.iter().enumerate() {
            if index > 0 {
                payload.push(b',');
            }
            write_string(name, &mut payload);
            payload.push(b':');
            write_string(value, &mut payload);
        }
        payload.push(b'}');
        payload
    }
}

#[expect(clippy::expect_used, reason = "a string is always JSON, and a vector accepts every byte")]
fn write_string(text: &str, json: &mut Vec<u8>) {
    serde_json::to_writer(json, text).expect("JSON in memory");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_the_payload_of_its_call() {
        let form = Form::parse(b"UserId=+5%0D%0A&PendingCode=%20abc&Password=+two+blanks%C3%A9+");
        assert_eq!(form.value("UserId"), "5");
        let payload = r#"{"UserId":"5","PendingCode":"abc","Password":" two blanksé "}"#;
        assert_eq!(*form.payload(), payload.as_bytes());
    }

    #[test]
    fn the_names_of_fields_are_case_insensitive_as_in_the_call() {
        let form = Form::parse(b"userid=+5+&password=+x+");
        assert_eq!(form.value("UserId"), "5");
        assert_eq!(*form.payload(), br#"{"userid":"5","password":" x "}"#);
    }

    #[test]
    fn a_field_cannot_inject_json() {
        let hostile = Form::parse(b"a%22%3A1%7D=%22%2C%22UserId%22%3A%226");
        assert_eq!(*hostile.payload(), br#"{"a\":1}":"\",\"UserId\":\"6"}"#);
    }

    #[test]
    fn a_repeated_field_stays_repeated() {
        let form = Form::parse(b"UserId=7&UserId=1");
        assert_eq!(*form.payload(), br#"{"UserId":"7","UserId":"1"}"#);
    }

    #[test]
    fn a_password_that_is_not_utf8_is_not_replaced_by_another() {
        assert_eq!(*Form::parse(b"UserId=5&Password=caf%E9").payload(), b"{}");
    }
}
