//! The pending code: the secret from the e-mail, its digest, and its record in KV.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{secret::Secret, unix_millis::UnixMillis, user_id::UserId};

/// The secret from the e-mail: a GUID with 122 random bits (RFC 9562, section 5.4), in its lower-case hyphenated form.
///
/// It is wiped from memory when dropped, and `Debug` doesn't print it.
#[derive(Debug)]
pub struct PendingCode(Secret<[u8; uuid::fmt::Hyphenated::LENGTH]>);

/// A text is not a GUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a GUID")]
pub struct NotAGuid;

impl PendingCode {
    /// Parses a GUID in any common spelling: with or without hyphens and braces, in upper or lower case, and with whitespace
    /// around it, as it is often copied.
    ///
    /// # Errors
    ///
    /// [`NotAGuid`] if the text is anything else.
    ///
    /// # Examples
    ///
    /// ```
    /// use reset_password2::pending_code::PendingCode;
    ///
    /// let code = PendingCode::parse("{F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6}").unwrap();
    /// let same = PendingCode::parse("f81d4fae7dec11d0a76500a0c91e6bf6").unwrap();
    /// assert_eq!(code.digest().kv_key(), same.digest().kv_key());
    /// ```
    pub fn parse(text: &str) -> Result<Self, NotAGuid> {
        let text = text.trim();
        let digits = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
        match digits.len() {
            uuid::fmt::Simple::LENGTH | uuid::fmt::Hyphenated::LENGTH => {
                Uuid::try_parse(digits).map(Self::from).map_err(|_| NotAGuid)
            }
            _ => Err(NotAGuid),
        }
    }

    /// Returns the SHA-256 of the code. The digest can be stored, because the code can't be computed from it.
    #[must_use]
    pub fn digest(&self) -> CodeDigest {
        CodeDigest(Secret::new(base16ct::lower::encode_string(&Sha256::digest(self.0.expose()))))
    }
}

impl From<Uuid> for PendingCode {
    fn from(guid: Uuid) -> Self {
        let mut text = Zeroizing::new([0; uuid::fmt::Hyphenated::LENGTH]);
        guid.hyphenated().encode_lower(&mut *text);
        Self(Secret::new(text))
    }
}

/// The SHA-256 of a [`PendingCode`], as 64 lower-case hexadecimal digits. `Debug` doesn't print it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeDigest(Secret<String>);

impl CodeDigest {
    /// Parses 64 lower-case hexadecimal digits. Returns `None` for anything else.
    #[must_use]
    pub fn from_hex(digits: &str) -> Option<Self> {
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (digits.len() == 64 && digits.bytes().all(is_hex)).then(|| Self(Secret::new(digits.to_owned())))
    }

    /// Returns the hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.expose()
    }

    /// Returns the key of the code's entry in KV.
    #[must_use]
    pub fn kv_key(&self) -> String {
        format!("pending-code:{}", self.as_str())
    }
}

/// The record of an issued code: the value of its entry in KV.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PendingCodeRecord {
    /// The user whose password the code may change.
    pub user_id: UserId,
    /// That user's name, if the issuer knows it. The password policy uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// The time at which the code was issued. The user's `codes_valid_from` voids earlier codes.
    pub issued_at: UnixMillis,
    /// The time at which the code expires. It applies in addition to KV's own expiry.
    pub expires_at: UnixMillis,
}

/// How far an issuer's clock may be ahead of ours, in milliseconds. Cut-offs are accurate to within this
/// time.
pub const MAX_CLOCK_SKEW_MILLIS: u64 = 60_000;

/// How far the clocks of Workers and D1 may differ, in milliseconds. Our own codes are issued [`MAX_CLOCK_SKEW_MILLIS`] ahead.
const CLOCK_TOLERANCE_MILLIS: u64 = 2_000;

/// An entry in KV breaks the rules for issuers. The message states the rule but not the value, so it can be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRecord {
    /// The entry can't be parsed.
    #[error(
        "a pending-code entry must be a JSON object with UserId (a string), IssuedAt and ExpiresAt (Unix milliseconds), and, if it is known, UserName (a string)"
    )]
    Unreadable,
    /// The code was issued in the future. It would survive the user's next reset, and then lock the user out.
    #[error(
        "the IssuedAt of a pending-code entry must be the time at which it was issued, in Unix milliseconds"
    )]
    IssuedInTheFuture,
}

impl PendingCodeRecord {
    /// Parses a value from KV at the time `now`.
    ///
    /// # Errors
    ///
    /// [`InvalidRecord`] if the issuer made a mistake.
    pub fn from_json(value: &str, now: UnixMillis) -> Result<Self, InvalidRecord> {
        // Serde would also accept an array.
        if !value.trim_start().starts_with('{') {
            return Err(InvalidRecord::Unreadable);
        }
        let record: Self = serde_json::from_slice(value.as_bytes()).map_err(|_| InvalidRecord::Unreadable)?;
        if record.issued_at > now.plus(MAX_CLOCK_SKEW_MILLIS + CLOCK_TOLERANCE_MILLIS) {
            return Err(InvalidRecord::IssuedInTheFuture);
        }
        Ok(record)
    }

    /// Whether the code was issued to `user_id` and has not expired at the time `now`. D1 may still refuse it.
    #[must_use]
    pub fn is_valid_for(&self, user_id: &UserId, now: UnixMillis) -> bool {
        self.user_id == *user_id && now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

    #[test]
    fn a_digest_has_64_lower_case_hexadecimal_digits() {
        let digest = PendingCode::parse(GUID).unwrap().digest();
        assert_eq!(CodeDigest::from_hex(digest.as_str()), Some(digest.clone()));
        for digits in
            [&digest.as_str()[1..], &format!("0{}", digest.as_str()), &"F".repeat(64), &"g".repeat(64)]
        {
            assert_eq!(CodeDigest::from_hex(digits), None, "{digits}");
        }
    }

    #[test]
    fn every_common_spelling_is_the_same_code() {
        let spellings = [
            GUID,
            "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
            "f81d4fae7dec11d0a76500a0c91e6bf6",
            "F81D4FAE7DEC11D0A76500A0C91E6BF6",
            "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}",
            "{F81D4FAE7DEC11D0A76500A0C91E6BF6}",
            " f81d4fae-7dec-11d0-a765-00a0c91e6bf6\r\n",
        ];
        // printf %s f81d4fae-7dec-11d0-a765-00a0c91e6bf6 | sha256sum
        let key = "pending-code:30a5154b77ab8b2ddbe19f5e7af72f33cc2a4a41f22940d965102650a1c72863";
        for spelling in spellings {
            assert_eq!(PendingCode::parse(spelling).unwrap().digest().kv_key(), key);
        }
    }

    #[test]
    fn other_texts_are_not_guids() {
        let not_guids = [
            "",
            "1",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf66",
            "g81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6}",
            "{{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}}",
            "{{f81d4fae7dec11d0a76500a0c91e6bf6}}",
            "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "f81d4fae-7dec-11d0-a76500a0c91e6bf6--",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf\u{ff16}",
        ];
        for text in not_guids {
            assert_eq!(PendingCode::parse(text).err(), Some(NotAGuid), "{text}");
        }
    }

    #[test]
    fn debug_output_contains_no_code() {
        let code = PendingCode::parse(GUID).unwrap();
        assert_eq!(format!("{code:?}"), "PendingCode(…)");
    }

    fn millis(millis: u64) -> UnixMillis {
        millis.try_into().unwrap()
    }

    #[test]
    fn a_record_is_parsed_as_documented() {
        let record = PendingCodeRecord::from_json(
            r#"{"UserId":"5","UserName":"alice","IssuedAt":1767225600000,"ExpiresAt":1767229200000,"Note":[1]}"#,
            millis(1_767_225_600_000),
        );
        let expected = PendingCodeRecord {
            user_id: UserId::try_from("5".to_owned()).unwrap(),
            user_name: Some("alice".to_owned()),
            issued_at: millis(1_767_225_600_000),
            expires_at: millis(1_767_229_200_000),
        };
        assert_eq!(record, Ok(expected));
    }

    #[test]
    fn a_malformed_record_is_rejected_with_its_rule() {
        use InvalidRecord::{IssuedInTheFuture, Unreadable};
        let records = [
            ("", Unreadable),
            ("null", Unreadable),
            (r#"["5",null,1,2]"#, Unreadable),
            (r#"{"UserId":"5","IssuedAt":1}"#, Unreadable),
            (r#"{"UserId":"","IssuedAt":1,"ExpiresAt":2}"#, Unreadable),
            (r#"{"UserId":5,"IssuedAt":1,"ExpiresAt":2}"#, Unreadable),
            (r#"{"UserId":"5","IssuedAt":-1,"ExpiresAt":2}"#, Unreadable),
            (r#"{"UserId":"5","IssuedAt":"1","ExpiresAt":2}"#, Unreadable),
            (r#"{"UserId":"5","IssuedAt":1,"ExpiresAt":8640000000000001}"#, Unreadable),
            (r#"{"UserId":"5","UserId":"6","IssuedAt":1,"ExpiresAt":2}"#, Unreadable),
            (r#"{"UserId":"5","IssuedAt":63001,"ExpiresAt":70000}"#, IssuedInTheFuture),
        ];
        for (value, invalid) in records {
            assert_eq!(PendingCodeRecord::from_json(value, millis(1000)), Err(invalid), "{value}");
        }
        let ahead = r#"{"UserId":"5","IssuedAt":63000,"ExpiresAt":70000}"#;
        assert!(PendingCodeRecord::from_json(ahead, millis(1000)).is_ok());
    }

    #[test]
    fn a_code_is_valid_for_its_user_until_it_expires() {
        let record = r#"{"UserId":"5","IssuedAt":1,"ExpiresAt":2000}"#;
        let record = PendingCodeRecord::from_json(record, millis(1000)).unwrap();
        let user = |id: &str| UserId::try_from(id.to_owned()).unwrap();
        assert!(record.is_valid_for(&user("5"), millis(1999)));
        assert!(!record.is_valid_for(&user("5"), millis(2000)));
        assert!(!record.is_valid_for(&user("6"), millis(1999)));
        assert!(!record.is_valid_for(&user("05"), millis(1999)));
    }
}
