//! The hash of a password: PBKDF2-HMAC-SHA-512 (RFC 8018, section 5.2) as a PHC string, and its verification at login.

use pbkdf2::{
    Algorithm, Params, PasswordVerifier as _, Pbkdf2,
    password_hash::{self, CustomizedPasswordHasher as _},
    phc,
};

use super::new_password::NewPassword;
use crate::secret::Secret;

/// The rounds of a new hash, as recommended for HMAC-SHA-512 by the
/// [OWASP Password Storage Cheat Sheet](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#pbkdf2)
/// (2026).
pub const ROUNDS: u32 = 220_000;

/// The length of a new hash in bytes: the whole output of SHA-512. A longer one would double the cost for us, but not for an
/// attacker, who needs to compute the first block only.
pub const OUTPUT_BYTES: usize = 64;

/// The length of the salt in bytes: 128 bits, the minimum of NIST SP 800-132, section 5.1.
pub const SALT_BYTES: usize = 16;

/// The hash of a password, `$pbkdf2-sha512$i=220000,l=64$<salt>$<hash>`. `Debug` doesn't print it.
#[derive(Debug)]
pub struct PasswordHash(Secret<String>);

impl PasswordHash {
    /// Hashes a password. `salt` must be random. This takes just under 100 ms.
    ///
    /// # Panics
    ///
    /// Never: PBKDF2 fails only for sizes outside its limits, and these constants are within the limits.
    #[must_use]
    pub fn derive(password: &NewPassword, salt: [u8; SALT_BYTES]) -> Self {
        #[expect(clippy::expect_used, reason = "the sizes are constants, and tested")]
        let params = Params::new_with_output_len(ROUNDS, OUTPUT_BYTES).expect("valid sizes");
        #[expect(clippy::expect_used, reason = "the sizes are constants, and tested")]
        let hash = Pbkdf2::new(Algorithm::Pbkdf2Sha512, params)
            .hash_password_customized(password.expose().as_bytes(), &salt, None, None, params)
            .expect("valid sizes");
        Self(Secret::new(hash.to_string()))
    }

    /// Parses a PHC string. Tests use this where a hash must cost nothing.
    ///
    /// # Errors
    ///
    /// [`UnreadableHash`] if it is not a PBKDF2 hash in PHC format.
    #[doc(hidden)]
    pub fn from_phc(phc: &str) -> Result<Self, UnreadableHash> {
        let hash = phc::PasswordHash::new(phc).map_err(|_| UnreadableHash)?;
        let is_pbkdf2 = hash.hash.is_some() && hash.algorithm.as_str().starts_with("pbkdf2-");
        if is_pbkdf2 { Ok(Self(Secret::new(phc.to_owned()))) } else { Err(UnreadableHash) }
    }

    /// Returns the PHC string to store.
    #[must_use]
    pub fn as_phc(&self) -> &str {
        self.0.expose()
    }
}

/// The result of comparing a password with a stored hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    /// The password is correct.
    Match {
        /// Whether the hash is weaker than [`PasswordHash::derive`] makes it today. If so, hash the password again, and
        /// store the new hash.
        needs_rehash: bool,
    },
    /// The password is wrong.
    Mismatch,
}

/// A stored string is not a PBKDF2 hash in PHC format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the stored hash must be a PBKDF2 hash in PHC format, such as $pbkdf2-sha512$i=220000,l=64$<salt>$<hash>"
)]
pub struct UnreadableHash;

/// Compares a password that was typed at login with a stored PHC string, in constant time.
///
/// # Errors
///
/// [`UnreadableHash`] if `phc` is not a PBKDF2 hash in PHC format.
///
/// # Examples
///
/// ```
/// use reset_password2::password::{NewPassword, PasswordHash, Verification, verify};
///
/// # fn main() -> Result<(), reset_password2::password::UnreadableHash> {
/// let stored = PasswordHash::derive(&NewPassword::new("correct horse battery"), *b"sixteen  random!");
///
/// match verify("correct horse battery", stored.as_phc())? {
///     Verification::Match { needs_rehash: false } => { /* log in */ }
///     Verification::Match { needs_rehash: true } => { /* log in, and replace this hash, unless it was changed since */ }
///     Verification::Mismatch => unreachable!("the password is correct"),
/// }
/// assert_eq!(verify("wrong horse battery", stored.as_phc())?, Verification::Mismatch);
/// # Ok(())
/// # }
/// ```
pub fn verify(password: &str, phc: &str) -> Result<Verification, UnreadableHash> {
    let stored = phc::PasswordHash::new(phc).map_err(|_| UnreadableHash)?;
    if stored.hash.is_none() {
        return Err(UnreadableHash);
    }
    match Pbkdf2::default().verify_password(NewPassword::new(password).expose().as_bytes(), &stored) {
        Ok(()) => Ok(Verification::Match { needs_rehash: needs_rehash(&stored) }),
        Err(password_hash::Error::PasswordInvalid) => Ok(Verification::Mismatch),
        Err(_) => Err(UnreadableHash),
    }
}

/// Whether the hash is weaker in any respect than [`PasswordHash::derive`] makes it.
fn needs_rehash(stored: &phc::PasswordHash) -> bool {
    let params = Params::try_from(stored);
    stored.algorithm.as_str() != Algorithm::PBKDF2_SHA512_ID
        || params.map_or(true, |params| params.rounds() < ROUNDS)
        || stored.hash.is_none_or(|hash| hash.len() < OUTPUT_BYTES)
        || stored.salt.is_none_or(|salt| salt.len() < SALT_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From OpenSSL: `node -e 'crypto.pbkdf2Sync("correct horse battery staple", Buffer.from("000102030405060708090a0b0c0d0e0f", "hex"), 220000, 64, "sha512")'`.
    const FROM_OPENSSL: &str = "$pbkdf2-sha512$i=220000,l=64$AAECAwQFBgcICQoLDA0ODw$lN4RhzxS1ipmmCV8vXRMZU5Vdi9zb5g/hMG1nNsDR4u8kOFBw4YEyOTYWlJa/rWE2h8hZCrS2gU5zQ/prCZ70g";

    const SALT: [u8; SALT_BYTES] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    #[test]
    fn the_hash_matches_openssl() {
        let hash = PasswordHash::derive(&NewPassword::new("correct horse battery staple"), SALT);
        assert_eq!(hash.as_phc(), FROM_OPENSSL);
    }

    /// The PBKDF2-HMAC-SHA-512 vectors that the Perl module `Crypt::PBKDF2` published for the inputs of RFC 6070;
    /// OpenSSL and Go's x/crypto test against the same ones.
    #[test]
    fn published_test_vectors_hold() {
        let vectors = [
            (
                1,
                "867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce",
            ),
            (
                2,
                "e1d9c16aa681708a45f5c7c4e215ceb66e011a2e9f0040713f18aefdb866d53cf76cab2868a39b9f7840edce4fef5a82be67335c77a6068e04112754f27ccf4e",
            ),
            (
                4096,
                "d197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5143f30602641b3d55cd335988cb36b84376060ecd532e039b742a239434af2d5",
            ),
        ];
        for (rounds, expected) in vectors {
            let mut output = [0; OUTPUT_BYTES];
            pbkdf2::pbkdf2_hmac::<sha2::Sha512>(b"password", b"salt", rounds, &mut output);
            let hex = base16ct::lower::encode_string(&output);
            assert_eq!(hex, expected, "{rounds} rounds");
        }
    }

    #[test]
    fn verification_ignores_unicode_composition_and_nothing_else() {
        let hash = PasswordHash::derive(&NewPassword::new("caf\u{e9} au lait, tous les jours"), SALT);
        assert_eq!(
            verify("cafe\u{301} au lait, tous les jours", hash.as_phc()),
            Ok(Verification::Match { needs_rehash: false })
        );
        assert_eq!(verify("cafe au lait, tous les jours", hash.as_phc()), Ok(Verification::Mismatch));
    }

    #[test]
    fn a_weaker_hash_needs_a_rehash() {
        // "password" with the salt of 16 zero bytes, from Python's hashlib.pbkdf2_hmac (OpenSSL).
        let weaker = [
            (
                "fewer rounds",
                "$pbkdf2-sha512$i=210000,l=64$AAAAAAAAAAAAAAAAAAAAAA$VnNBtbM+8dh9ycnUA0ppPfY7/FvIK9ApzB+GxKnLYA4+Giy0El4zQRlWAZ/vmOZCYxKvSLKfdM4eKtyJ2DXP8w",
            ),
            (
                "SHA-256",
                "$pbkdf2-sha256$i=600000,l=32$AAAAAAAAAAAAAAAAAAAAAA$t1EqilHZMO856EIVAAMU3zwbjXFmENWg+2V9QOcxc98",
            ),
            (
                "a shorter output",
                "$pbkdf2-sha512$i=220000,l=32$AAAAAAAAAAAAAAAAAAAAAA$WGyFyVzzoHxwgWSze0BPIDq/dS0kayN4PC89Oxp/iqg",
            ),
            (
                "a shorter salt",
                "$pbkdf2-sha512$i=220000,l=64$AAAAAAAAAAA$A06rwM8ab/p4h2q4hv7EcTsvBFRthV896UgK9HHhozUNSMRfKIRerfmEODb4+77r3BcmGLtWb7ko1v79o75xjQ",
            ),
        ];
        for (what, phc) in weaker {
            assert_eq!(verify("password", phc), Ok(Verification::Match { needs_rehash: true }), "{what}");
        }
    }

    #[test]
    fn other_strings_are_unreadable() {
        for phc in [
            "",
            "password",
            "$2b$10$abcdefghijklmnopqrstuv",
            "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2g",
            "$pbkdf2-sha512$i=220000,l=64$AAECAwQFBgcICQoLDA0ODw",
        ] {
            assert_eq!(verify("password", phc), Err(UnreadableHash), "{phc}");
        }
    }

    #[test]
    fn debug_output_contains_no_hash() {
        let hash = PasswordHash::derive(&NewPassword::new("hunter2"), SALT);
        assert_eq!(format!("{hash:?}"), "PasswordHash(…)");
    }
}
