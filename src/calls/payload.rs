//! A call's payload, or a frame: one JSON object whose keys clients write in any letter case.

use std::fmt;

use serde::{
    Deserializer as _,
    de::{MapAccess, Visitor},
};
use serde_json::{Number, Value};
use zeroize::Zeroize as _;

/// The largest payload that is read. A password of 1,024 code points takes at most 12 KiB, whether each is written as two
/// JSON escapes of 6 bytes or as up to four decomposed ones of 3 bytes in UTF-8; the rest of a call, less than 1 KiB.
pub const MAX_PAYLOAD_BYTES: usize = 16 * 1024;

/// A payload is not what the call asks for. The text names the key and the rule, never the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPayload {
    /// Larger than [`MAX_PAYLOAD_BYTES`].
    #[error("The body is too large. Send at most {MAX_PAYLOAD_BYTES} bytes.")]
    TooLarge,
    /// The client stopped sending.
    #[error("The body was cut off. Send the call again: the link is as good as before.")]
    CutOff,
    /// Not JSON, or JSON of another kind, or JSON that no two parsers read alike.
    #[error(
        "The body must be one JSON object in UTF-8, nested at most 127 deep, with whole surrogate pairs and numbers within the range of a double."
    )]
    NotAnObject,
    /// A key that the call asks for stands there more than once, in whatever letter case.
    #[error("{0} is there more than once. Send it once.")]
    Repeated(&'static str),
    /// A key that the call asks for is not there.
    #[error("{0} is missing.")]
    Missing(&'static str),
    /// A value has no characters.
    #[error("{0} must not be empty.")]
    Empty(&'static str),
    /// A value has U+0000 in it, at which many programs end a string.
    #[error("{0} must not contain the character NUL (U+0000).")]
    ContainsNul(&'static str),
    /// A value is not a string.
    #[error("{0} must be a string.")]
    NotAString(&'static str),
    /// A value is not an integer.
    #[error("{0} must be an integer of at most 64 bits.")]
    NotAnInteger(&'static str),
    /// A value is neither a string nor an integer.
    #[error("{0} must be a string or an integer of at most 64 bits.")]
    NotAStringOrInteger(&'static str),
    /// A value is not a GUID.
    #[error("{0} must be a GUID: 32 hexadecimal digits, with or without hyphens and braces.")]
    NotAGuid(&'static str),
}

/// The members of a payload that a call asks for. A string that is not taken is wiped from memory.
pub(crate) struct Payload<const N: usize> {
    keys: [&'static str; N],
    values: [Option<Value>; N],
    repeated: Option<&'static str>,
}

impl<const N: usize> Payload<N> {
    /// Reads the members called `keys`. Others are ignored, but everything must be sound JSON: what `serde_json` does not
    /// take as a [`Value`] (deep nesting, lone surrogates, numbers past a double) is refused wherever it stands.
    pub(crate) fn read(bytes: &[u8], keys: [&'static str; N]) -> Result<Self, InvalidPayload> {
        let mut json = serde_json::Deserializer::from_slice(bytes);
        let payload = json
            .deserialize_map(Self { keys, values: [const { None }; N], repeated: None })
            .map_err(|_| InvalidPayload::NotAnObject)?;
        json.end().map_err(|_| InvalidPayload::NotAnObject)?;
        match payload.repeated {
            Some(key) => Err(InvalidPayload::Repeated(key)),
            None => Ok(payload),
        }
    }

    /// Takes an integer.
    pub(crate) fn integer(&mut self, key: &'static str) -> Result<Number, InvalidPayload> {
        match self.take(key)? {
            Value::Number(number) if is_integer(&number) => Ok(number),
            _ => Err(InvalidPayload::NotAnInteger(key)),
        }
    }

    /// Takes a string that is not empty.
    pub(crate) fn string(&mut self, key: &'static str) -> Result<String, InvalidPayload> {
        match self.take(key)? {
            Value::String(text) => not_empty(key, text),
            _ => Err(InvalidPayload::NotAString(key)),
        }
    }

    /// Takes a string that is not empty, or an integer as the string of its digits.
    pub(super) fn string_or_integer(&mut self, key: &'static str) -> Result<String, InvalidPayload> {
        match self.take(key)? {
            Value::String(text) => not_empty(key, text),
            Value::Number(number) if is_integer(&number) => Ok(number.to_string()),
            _ => Err(InvalidPayload::NotAStringOrInteger(key)),
        }
    }

    fn take(&mut self, key: &'static str) -> Result<Value, InvalidPayload> {
        self.keys
            .iter()
            .position(|known| *known == key)
            .and_then(|index| self.values[index].take())
            .ok_or(InvalidPayload::Missing(key))
    }
}

impl<const N: usize> Drop for Payload<N> {
    fn drop(&mut self) {
        self.values.iter_mut().flatten().for_each(wipe);
    }
}

fn wipe(value: &mut Value) {
    if let Value::String(text) = value {
        text.zeroize();
    }
}

fn is_integer(number: &Number) -> bool {
    number.is_i64() || number.is_u64()
}

fn not_empty(key: &'static str, text: String) -> Result<String, InvalidPayload> {
    if text.is_empty() {
        Err(InvalidPayload::Empty(key))
    } else if text.contains('\0') {
        Err(InvalidPayload::ContainsNul(key))
    } else {
        Ok(text)
    }
}

impl<'de, const N: usize> Visitor<'de> for Payload<N> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<Map: MapAccess<'de>>(mut self, mut map: Map) -> Result<Self, Map::Error> {
        while let Some((name, mut value)) = map.next_entry::<String, Value>()? {
            let known = self.keys.iter().position(|key| name.eq_ignore_ascii_case(key));
            if let Some(index) = known {
                match &self.values[index] {
                    Some(_) => {
                        wipe(&mut value);
                        self.repeated = Some(self.keys[index]);
                    }
                    None => self.values[index] = Some(value),
                }
            }
        }
        Ok(self)
    }
}
