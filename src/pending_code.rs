//! The pending code: the secret from the e-mail, the digest under which KV knows it, and what KV knows of it.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{unix_millis::UnixMillis, user_id::UserId};

/// The secret from the e-mail: a GUID in its lower-case hyphenated form, 122 random bits (RFC 9562, section 5.4).
/// It is wiped from memory when dropped, and never printed.
pub struct PendingCode(Zeroizing<[u8; uuid::fmt::Hyphenated::LENGTH]>);

/// The text is not a GUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a GUID")]
pub struct NotAGuid;

impl PendingCode {
    /// Reads a GUID in any usual spelling: with hyphens or without, in braces or without, in upper or lower case, with
    /// the white space around it that comes along when a person copies it.
    ///
    /// # Errors
    ///
    /// [`NotAGuid`], where it is anything else.
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

    /// The code's SHA-256, which can be stored: the code cannot be found from it.
    #[must_use]
    pub fn digest(&self) -> CodeDigest {
        CodeDigest(base16ct::lower::encode_string(&Sha256::digest(*self.0)))
    }
}

impl From<Uuid> for PendingCode {
    fn from(guid: Uuid) -> Self {
        let mut text = Zeroizing::new([0; uuid::fmt::Hyphenated::LENGTH]);
        guid.hyphenated().encode_lower(&mut *text);
        Self(text)
    }
}

impl fmt::Debug for PendingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PendingCode(…)")
    }
}

/// The SHA-256 of a [`PendingCode`], as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeDigest(String);

impl CodeDigest {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key of the code's entry in KV.
    #[must_use]
    pub fn kv_key(&self) -> String {
        format!("pending-code:{}", self.0)
    }
}

/// What KV knows of a code that was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PendingCodeRecord {
    /// The user whose password the code may change.
    pub user_id: UserId,
    /// That user's name, where the issuer told it: the password policy asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// When the code was issued. A user's `codes_valid_from` voids the codes from before.
    pub issued_at: UnixMillis,
    /// From when on the code is expired, whatever KV's own expiry has done.
    pub expires_at: UnixMillis,
}

/// How far an issuer's clock may run ahead of ours: a minute. Cut-offs are exact to this.
pub const MAX_CLOCK_SKEW_MILLIS: u64 = 60_000;

/// An entry in KV is not what an issuer of codes should write. The text says what it should be, not what was read, so
/// that it can be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRecord {
    /// It can't be read.
    #[error(
        "a pending-code entry must be a JSON object with UserId (a string), IssuedAt and ExpiresAt (Unix milliseconds), and, if it is known, UserName (a string)"
    )]
    Unreadable,
    /// A code from the future would outlive the next reset of its user, and then lock the user out.
    #[error(
        "the IssuedAt of a pending-code entry must be the time at which it was issued, in Unix milliseconds"
    )]
    IssuedInTheFuture,
}

impl PendingCodeRecord {
    /// Reads a value of KV at the time `now`.
    ///
    /// # Errors
    ///
    /// [`InvalidRecord`], where an issuer made a mistake.
    pub fn from_json(value: &str, now: UnixMillis) -> Result<Self, InvalidRecord> {
        // Serde would take an array as well.
        if !value.trim_start().starts_with('{') {
            return Err(InvalidRecord::Unreadable);
        }
        let record: Self = serde_json::from_slice(value.as_bytes()).map_err(|_| InvalidRecord::Unreadable)?;
        if record.issued_at > now.plus(MAX_CLOCK_SKEW_MILLIS) {
            return Err(InvalidRecord::IssuedInTheFuture);
        }
        Ok(record)
    }

    /// Whether the code may change the password of `user_id` at the time `now`, for all that KV can tell.
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
    fn every_usual_spelling_is_one_code() {
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
    fn anything_else_is_not_a_guid() {
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
    fn debug_tells_nothing() {
        let code = PendingCode::parse(GUID).unwrap();
        assert_eq!(format!("{code:?}"), "PendingCode(…)");
    }

    fn millis(millis: u64) -> UnixMillis {
        millis.try_into().unwrap()
    }

    #[test]
    fn a_record_as_issuers_write_it() {
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
    fn what_issuers_get_wrong() {
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
            (r#"{"UserId":"5","IssuedAt":61001,"ExpiresAt":70000}"#, IssuedInTheFuture),
        ];
        for (value, invalid) in records {
            assert_eq!(PendingCodeRecord::from_json(value, millis(1000)), Err(invalid), "{value}");
        }
        let ahead = r#"{"UserId":"5","IssuedAt":61000,"ExpiresAt":70000}"#;
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
