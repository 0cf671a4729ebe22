//! The entry of a code in KV: `PendingCodeRecord::from_json`.

use std::str;

use reset_password2::{
    pending_code::{InvalidRecord, MAX_CLOCK_SKEW_MILLIS, PendingCodeRecord},
    unix_millis::UnixMillis,
};

use super::json::Json;

/// 2026-01-01T00:00:00Z.
const NOW: u64 = 1_767_225_600_000;

/// An entry is accepted exactly if it follows docs/contract.md, section 5, its values are what a second parser reads, and
/// what we write is read back.
pub fn kv_entry(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let now = UnixMillis::try_from(NOW).unwrap();
    let record = PendingCodeRecord::from_json(text, now);

    if let Ok(record) = &record {
        let written = serde_json::to_string(record).unwrap();
        assert_eq!(PendingCodeRecord::from_json(&written, now).as_ref(), Ok(record), "{text:?}");
        assert_eq!(Entry::read(&written).as_ref(), Some(&Entry::from(record)), "{text:?}");
    }
    // The members that the code ignores needn't be what the second parser accepts.
    if Json::parse(input).is_none() {
        return;
    }
    let entry = Entry::read(text);
    let expected = match &entry {
        None => Err(InvalidRecord::Unreadable),
        // The tolerance of two seconds is not part of the contract.
        Some(entry) if entry.issued_at > NOW + MAX_CLOCK_SKEW_MILLIS + 2000 => {
            Err(InvalidRecord::IssuedInTheFuture)
        }
        Some(entry) => Ok(entry),
    };
    assert_eq!(record.as_ref().map(Entry::from).map_err(|invalid| *invalid), expected.cloned(), "{text:?}");
}

#[derive(Debug, Clone, PartialEq)]
struct Entry {
    user_id: String,
    user_name: Option<String>,
    issued_at: u64,
    expires_at: u64,
}

impl Entry {
    fn read(text: &str) -> Option<Self> {
        let members = Json::parse(text.as_bytes())?.members()?;
        let one = |key: &str| {
            let mut values = members.iter().filter(|(name, _)| name == key).map(|(_, value)| value);
            let first = values.next();
            if values.next().is_some() { Err(()) } else { Ok(first) }
        };
        let time = |key| {
            let number = one(key).ok()??.integer()?;
            u64::try_from(number).ok().filter(|millis| *millis <= UnixMillis::MAX.as_u64())
        };
        Some(Self {
            user_id: match one("UserId").ok()?? {
                Json::Text(text) if !text.is_empty() => text.clone(),
                _ => return None,
            },
            user_name: match one("UserName").ok()? {
                None | Some(Json::Null) => None,
                Some(Json::Text(text)) => Some(text.clone()),
                Some(_) => return None,
            },
            issued_at: time("IssuedAt")?,
            expires_at: time("ExpiresAt")?,
        })
    }
}

impl From<&PendingCodeRecord> for Entry {
    fn from(record: &PendingCodeRecord) -> Self {
        Self {
            user_id: record.user_id.as_str().to_owned(),
            user_name: record.user_name.clone(),
            issued_at: record.issued_at.as_u64(),
            expires_at: record.expires_at.as_u64(),
        }
    }
}
