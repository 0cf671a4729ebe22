//! JSON objects with case-insensitive keys: payloads and WebSocket frames.

use std::fmt;

use serde::{
    Deserializer as _,
    de::{MapAccess, Visitor},
};
use serde_json::{Number, Value};
use zeroize::Zeroize as _;

/// The members of a JSON object that the reader asked for. Strings that are never taken are wiped from memory.
pub(crate) struct JsonObject<const N: usize> {
    keys: [&'static str; N],
    values: [Option<Value>; N],
    repeated: Option<&'static str>,
}

/// The text is not the expected JSON object. The message names the key and the rule, never the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidJson {
    /// Not JSON, not an object, or JSON that parsers disagree about.
    #[error(
        "Send one JSON object in UTF-8, nested at most 127 levels deep, without lone surrogates, and with numbers in the range of a double."
    )]
    NotAnObject,
    /// A requested key occurs more than once, regardless of letter case.
    #[error("{0} occurs more than once. Send it once.")]
    Repeated(&'static str),
    /// A requested key is missing.
    #[error("{0} is missing.")]
    Missing(&'static str),
    /// A string is empty.
    #[error("{0} must not be empty.")]
    Empty(&'static str),
    /// A string contains U+0000, which many programs treat as its end.
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

impl<const N: usize> JsonObject<N> {
    /// Parses an object and keeps the members named `keys`, in any letter case.
    ///
    /// Other members are ignored, but must be valid: anything that `serde_json` can't represent as a [`Value`] (deep
    /// nesting, lone surrogates, numbers beyond a double) is rejected wherever it occurs, so that no two programs read one
    /// payload differently.
    pub(crate) fn parse(text: &[u8], keys: [&'static str; N]) -> Result<Self, InvalidJson> {
        let mut json = serde_json::Deserializer::from_slice(text);
        let object = json
            .deserialize_map(Self { keys, values: [const { None }; N], repeated: None })
            .map_err(|_| InvalidJson::NotAnObject)?;
        json.end().map_err(|_| InvalidJson::NotAnObject)?;
        match object.repeated {
            Some(key) => Err(InvalidJson::Repeated(key)),
            None => Ok(object),
        }
    }

    /// Takes an integer.
    pub(crate) fn take_integer(&mut self, key: &'static str) -> Result<Number, InvalidJson> {
        match self.take(key)? {
            Value::Number(number) if is_integer(&number) => Ok(number),
            _ => Err(InvalidJson::NotAnInteger(key)),
        }
    }

    /// Takes a string that is not empty.
    pub(crate) fn take_string(&mut self, key: &'static str) -> Result<String, InvalidJson> {
        match self.take(key)? {
            Value::String(text) => non_empty(key, text),
            _ => Err(InvalidJson::NotAString(key)),
        }
    }

    /// Takes a string that is not empty, or an integer as its decimal digits.
    pub(crate) fn take_string_or_integer(&mut self, key: &'static str) -> Result<String, InvalidJson> {
        match self.take(key)? {
            Value::String(text) => non_empty(key, text),
            Value::Number(number) if is_integer(&number) => Ok(number.to_string()),
            _ => Err(InvalidJson::NotAStringOrInteger(key)),
        }
    }

    fn take(&mut self, key: &'static str) -> Result<Value, InvalidJson> {
        self.keys
            .iter()
            .position(|known| *known == key)
            .and_then(|index| self.values[index].take())
            .ok_or(InvalidJson::Missing(key))
    }
}

impl<const N: usize> Drop for JsonObject<N> {
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

fn non_empty(key: &'static str, mut text: String) -> Result<String, InvalidJson> {
    if text.is_empty() {
        Err(InvalidJson::Empty(key))
    } else if text.contains('\0') {
        text.zeroize();
        Err(InvalidJson::ContainsNul(key))
    } else {
        Ok(text)
    }
}

impl<'de, const N: usize> Visitor<'de> for JsonObject<N> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<Map: MapAccess<'de>>(mut self, mut map: Map) -> Result<Self, Map::Error> {
        while let Some((name, mut value)) = map.next_entry::<String, Value>()? {
            let known = self.keys.iter().position(|key| name.eq_ignore_ascii_case(key));
            if let Some(index) = known {
                if self.values[index].is_some() {
                    wipe(&mut value);
                    self.repeated = Some(self.keys[index]);
                } else {
                    self.values[index] = Some(value);
                }
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_is_a_number_without_a_fraction_or_an_exponent() {
        for (json, is_integer) in [
            ("0", true),
            ("-1", true),
            ("18446744073709551615", true),
            ("1.0", false),
            ("1e3", false),
            ("18446744073709551616", false),
            (r#""1""#, false),
        ] {
            let object = || JsonObject::parse(format!(r#"{{"i":{json}}}"#).as_bytes(), ["i"]).unwrap();
            assert_eq!(object().take_integer("i").is_ok(), is_integer, "{json}");
            assert_eq!(
                object().take_string_or_integer("i").is_ok(),
                is_integer || json.starts_with('"'),
                "{json}"
            );
        }
    }
}
