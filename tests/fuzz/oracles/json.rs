//! A second JSON parser, written from RFC 8259. It has the limits that docs/contract.md and DESIGN.md ("Payloads") state: at
//! most 127 levels, no lone surrogates, and no number out of the range of a double.

use std::str;

/// The most levels of arrays and objects.
const MAX_DEPTH: usize = 127;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Null,
    Boolean(bool),
    /// A number, as it is written.
    Number(String),
    Text(String),
    Array,
    /// The members, in order, with those that repeat.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Parses a text that is one JSON value.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut parser = Parser { rest: str::from_utf8(bytes).ok()? };
        let value = parser.value(0)?;
        parser.skip_space();
        parser.rest.is_empty().then_some(value)
    }

    /// Returns the members, if this is an object.
    pub(super) fn members(self) -> Option<Vec<(String, Self)>> {
        if let Self::Object(members) = self { Some(members) } else { None }
    }

    /// Returns the number if it is written as an integer and has at most 64 bits.
    pub(super) fn integer(&self) -> Option<i128> {
        // "-0" is a double: no integer is written that way.
        let Self::Number(text) = self else { return None };
        let number: i128 = text.parse().ok().filter(|_| text != "-0")?;
        (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&number).then_some(number)
    }
}

/// Returns the values of a member, in any letter case.
pub(super) fn values<'a>(members: &'a [(String, Json)], key: &str) -> Vec<&'a Json> {
    members.iter().filter(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value).collect()
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn skip(&mut self, token: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(token)?;
        Some(())
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }

    /// Parses a value inside `depth` arrays and objects.
    fn value(&mut self, depth: usize) -> Option<Json> {
        self.skip_space();
        match self.rest.bytes().next()? {
            b'n' => self.skip("null").map(|()| Json::Null),
            b't' => self.skip("true").map(|()| Json::Boolean(true)),
            b'f' => self.skip("false").map(|()| Json::Boolean(false)),
            b'"' => self.string().map(Json::Text),
            b'[' | b'{' if depth == MAX_DEPTH => None,
            b'[' => {
                self.skip("[")?;
                self.list("]", |parser| parser.value(depth + 1))?;
                Some(Json::Array)
            }
            b'{' => {
                self.skip("{")?;
                let members = self.list("}", |parser| {
                    parser.skip_space();
                    let name = parser.string()?;
                    parser.skip_space();
                    parser.skip(":")?;
                    Some((name, parser.value(depth + 1)?))
                })?;
                Some(Json::Object(members))
            }
            _ => self.number(),
        }
    }

    fn list<T>(&mut self, end: &str, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        self.skip_space();
        if self.skip(end).is_some() {
            return Some(items);
        }
        loop {
            items.push(item(self)?);
            self.skip_space();
            if self.skip(end).is_some() {
                return Some(items);
            }
            self.skip(",")?;
        }
    }

    fn string(&mut self) -> Option<String> {
        self.skip("\"")?;
        let mut text = String::new();
        loop {
            match self.next()? {
                '"' => return Some(text),
                '\\' => text.push(self.escape()?),
                '\0'..='\x1f' => return None,
                other => text.push(other),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            same @ ('"' | '\\' | '/') => same,
            'b' => '\x08',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let first = self.four_digits()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first);
                }
                self.skip("\\u")?;
                let second = self.four_digits().filter(|second| (0xdc00..0xe000).contains(second))?;
                return char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            }
            _ => return None,
        })
    }

    fn four_digits(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |number, _| Some(number * 16 + self.next()?.to_digit(16)?))
    }

    fn number(&mut self) -> Option<Json> {
        let start = self.rest;
        let _ = self.skip("-");
        if self.skip("0").is_none() {
            self.digits()?;
        }
        if self.skip(".").is_some() {
            self.digits()?;
        }
        if self.rest.starts_with(['e', 'E']) {
            self.next()?;
            if self.skip("+").is_none() {
                let _ = self.skip("-");
            }
            self.digits()?;
        }
        let text = &start[..start.len() - self.rest.len()];
        text.parse::<f64>().is_ok_and(f64::is_finite).then(|| Json::Number(text.to_owned()))
    }

    fn digits(&mut self) -> Option<()> {
        let rest = self.rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
        let found = rest.len() < self.rest.len();
        self.rest = rest;
        found.then_some(())
    }
}
