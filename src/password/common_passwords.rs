//! The blocklist of common passwords (NIST SP 800-63B-4, section 3.1.1.2: "verifiers SHALL compare the prospective secret
//! against a blocklist").
//!
//! The list is in `common_passwords.txt`, which names its source and license. `build.rs` turns it into a binary fuse
//! filter, which finds every password on the list, and reports one in 65,536 other passwords by mistake.

use xorf::{BinaryFuse16Ref, Filter as _, FilterRef as _};

include!("common_password_key.rs");

/// Bytes aligned like a `u16`, as [`BinaryFuse16Ref`] requires of its fingerprints.
#[repr(C, align(2))]
struct Aligned<Bytes: ?Sized>(Bytes);

static DESCRIPTOR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/common_passwords.descriptor"));
static FINGERPRINTS: &Aligned<[u8]> =
    &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/common_passwords.fingerprints")));

/// Whether a password is common. `password` must be in Unicode NFC and in lower case.
pub(super) fn is_common(password: &str) -> bool {
    BinaryFuse16Ref::from_dma(DESCRIPTOR, &FINGERPRINTS.0).contains(&common_password_key(password))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> impl Iterator<Item = &'static str> {
        include_str!("common_passwords.txt").lines().filter(|line| !line.starts_with("# "))
    }

    #[test]
    fn every_password_on_the_list_is_common() {
        // At least 3,000 that a policy with the shortest or the default minimum length would otherwise allow (OWASP
        // ASVS 5.0, 6.2.4).
        for min_length in [8, 15] {
            assert!(list().filter(|password| password.chars().count() >= min_length).count() >= 3000);
        }
        for password in list() {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn the_documentation_states_how_many_passwords_are_on_the_list() {
        let long = list().filter(|password| password.chars().count() >= 15).count();
        assert_eq!((list().count(), long), (19_718, 9_728));
        assert!(include_str!("../../SECURITY.md").contains("19,718 passwords"));
        assert!(
            include_str!("../../docs/settings.md").contains("one of 9,728 common passwords of at least 15")
        );
    }

    #[test]
    fn the_list_is_lower_case_nfc_and_has_no_short_password() {
        let nfc = icu_normalizer::ComposingNormalizerBorrowed::new_nfc();
        for password in list() {
            assert!(nfc.is_normalized(password), "{password}");
            assert_eq!(password, password.to_lowercase());
            assert!(password.chars().count() >= 8, "{password}");
        }
    }

    #[test]
    fn at_most_one_in_ten_thousand_other_passwords_is_common_by_mistake() {
        const SAMPLE: u32 = 1_000_000;
        let refused = (0..SAMPLE).filter(|n| is_common(&format!("no such password {n}"))).count();
        // The expected number is 15.
        assert!(refused < 100, "{refused} of {SAMPLE}");
    }
}
