//! A stored hash at login: `password::verify`.

use std::str;

use pbkdf2::pbkdf2_hmac;
use reset_password2::password::{
    NewPassword, OUTPUT_BYTES, PasswordHash, ROUNDS, SALT_BYTES, Verification, verify,
};
use sha2::{Sha256, Sha512};

/// The most rounds that are computed here. A stored hash may have more.
const MAX_ROUNDS: u32 = 1100;

/// The input is a password, a line feed, and a stored string. A string that a second parser reads as a hash matches exactly
/// if PBKDF2 computes it, and no other string is accepted as a hash of another kind.
pub fn phc(input: &[u8]) {
    let Some((password, stored)) = str::from_utf8(input).ok().and_then(|text| text.split_once('\n')) else {
        return;
    };
    let parsed = PasswordHash::from_phc(stored);
    if let Ok(parsed) = &parsed {
        assert_eq!(parsed.as_phc(), stored);
        assert!(stored.starts_with("$pbkdf2-"), "{stored:?}");
    }
    if !stored.starts_with("$pbkdf2-sha") {
        assert!(verify(password, stored).is_err(), "{stored:?}");
    }
    let Some(hash) = Hash::read(stored) else { return };
    assert!(parsed.is_ok(), "{stored:?}");
    if hash.rounds > MAX_ROUNDS {
        return;
    }

    let matching = Ok(Verification::Match { needs_rehash: hash.is_weak() });
    let is_correct = hash.compute(password) == hash.output;
    let expected = if is_correct { matching } else { Ok(Verification::Mismatch) };
    assert_eq!(verify(password, stored), expected, "{stored:?}");
    if !is_correct {
        let output = base64(&hash.compute(password));
        let correct = format!("{}${output}", stored.rsplit_once('$').unwrap().0);
        assert_eq!(verify(password, &correct), matching, "{correct:?}");
    }
}

/// A hash as this project and others write it.
struct Hash {
    is_sha512: bool,
    rounds: u32,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Hash {
    /// Reads `$pbkdf2-<algorithm>$i=<rounds>,l=<bytes>$<salt>$<hash>`.
    fn read(text: &str) -> Option<Self> {
        let parts: Vec<_> = text.split('$').collect();
        let ["", algorithm, parameters, salt, output] = parts[..] else { return None };
        let (rounds, length) = parameters.strip_prefix("i=")?.split_once(",l=")?;
        let hash = Self {
            is_sha512: match algorithm {
                "pbkdf2-sha512" => true,
                "pbkdf2-sha256" => false,
                _ => return None,
            },
            rounds: decimal(rounds).filter(|rounds| *rounds >= 1000)?,
            salt: bytes(salt)?,
            output: bytes(output)?,
        };
        let is_valid = (8..=48).contains(&hash.salt.len())
            && (10..=64).contains(&hash.output.len())
            && decimal(length).and_then(|length| usize::try_from(length).ok()) == Some(hash.output.len());
        is_valid.then_some(hash)
    }

    fn compute(&self, password: &str) -> Vec<u8> {
        let password = NewPassword::new(password);
        let password = password.expose().as_bytes();
        let mut output = vec![0; self.output.len()];
        if self.is_sha512 {
            pbkdf2_hmac::<Sha512>(password, &self.salt, self.rounds, &mut output);
        } else {
            pbkdf2_hmac::<Sha256>(password, &self.salt, self.rounds, &mut output);
        }
        output
    }

    fn is_weak(&self) -> bool {
        !self.is_sha512
            || self.rounds < ROUNDS
            || self.output.len() < OUTPUT_BYTES
            || self.salt.len() < SALT_BYTES
    }
}

/// Parses a number without leading zeros.
fn decimal(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number: &u32| number.to_string() == text)
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes Base64 without padding.
fn base64(bytes: &[u8]) -> String {
    let group = |group: &[u8]| {
        let number = group.iter().fold(0, |number, byte| number << 8 | usize::from(*byte));
        let number = number << (8 * (3 - group.len()));
        let digits: Vec<_> =
            (0..=group.len()).map(|digit| char::from(ALPHABET[number >> (18 - 6 * digit) & 63])).collect();
        digits
    };
    bytes.chunks(3).flat_map(group).collect()
}

/// Decodes Base64 without padding. The bits that are left over must be zero.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut bits = Vec::new();
    for letter in text.bytes() {
        let value = ALPHABET.iter().position(|digit| *digit == letter)?;
        bits.extend((0..6).rev().map(|bit| u8::from(value >> bit & 1 == 1)));
    }
    let decoded: Vec<u8> =
        bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |byte, bit| byte << 1 | bit)).collect();
    (base64(&decoded) == text).then_some(decoded)
}
