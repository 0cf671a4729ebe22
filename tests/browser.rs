//! What must also hold in WebAssembly. The tests run in headless Chromium, since Workers run on its V8 too.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use reset_password2::{
    password::{NewPassword, PasswordHash, Policy, Verification, Violation, verify},
    pending_code::{PendingCode, PendingCodeRecord},
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const SALT: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

const _: () = assert!(cfg!(target_feature = "simd128"), "the hash must use sha2's SIMD backend");

/// PBKDF2-HMAC-SHA-512 for the inputs of RFC 6070, as in the native test.
#[wasm_bindgen_test]
fn published_test_vectors_hold() {
    let vectors = [
        (
            1,
            "867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce",
        ),
        (
            4096,
            "d197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5143f30602641b3d55cd335988cb36b84376060ecd532e039b742a239434af2d5",
        ),
    ];
    for (rounds, expected) in vectors {
        let mut output = [0; 64];
        pbkdf2::pbkdf2_hmac::<sha2::Sha512>(b"password", b"salt", rounds, &mut output);
        assert_eq!(base16ct::lower::encode_string(&output), expected, "{rounds} rounds");
    }
}

#[wasm_bindgen_test]
fn the_hash_matches_openssl() {
    let password = "correct horse battery staple";
    let hash = PasswordHash::derive(&NewPassword::new(password), SALT);
    assert_eq!(
        hash.as_phc(),
        "$pbkdf2-sha512$i=220000,l=64$AAECAwQFBgcICQoLDA0ODw$lN4RhzxS1ipmmCV8vXRMZU5Vdi9zb5g/hMG1nNsDR4u8kOFBw4YEyOTYWlJa/rWE2h8hZCrS2gU5zQ/prCZ70g"
    );
    assert_eq!(verify(password, hash.as_phc()), Ok(Verification::Match { needs_rehash: false }));
    assert_eq!(verify("wrong horse battery staple", hash.as_phc()), Ok(Verification::Mismatch));
}

#[wasm_bindgen_test]
fn random_bytes_come_from_the_browser() {
    let draw = || {
        let mut bytes = [0; 4096];
        getrandom::fill(&mut bytes).unwrap();
        bytes
    };
    let (one, other) = (draw(), draw());
    assert_ne!(one, other);
    // The mean is 16,384 of 32,768 bits; ten standard deviations are 905.
    let set: u32 = one.iter().map(|byte| byte.count_ones()).sum();
    assert!((15_479..=17_289).contains(&set), "{set}");
}

#[wasm_bindgen_test]
fn unicode_is_composed_and_counted_in_code_points() {
    let policy = Policy::new(15, ["\u{dc}n\u{ef}code"]);
    let check = |password: &str| policy.check(&NewPassword::new(password), Some("alice"));
    assert_eq!(NewPassword::new("cafe\u{301}").expose(), "caf\u{e9}");
    assert_eq!(NewPassword::new("\u{1100}\u{1161}\u{11a8}").expose(), "\u{ac01}");
    assert_eq!(check(&"\u{1f511}".repeat(14)), Err(Violation::TooShort { min_length: 15 }));
    assert_eq!(check(&('\u{1f511}'..).take(15).collect::<String>()), Ok(()));
    // Not too long: it has 1,024 code points once it is composed.
    assert_eq!(check(&"e\u{301}".repeat(1024)), Err(Violation::Repetitive));
    assert_eq!(check(&"e\u{301}".repeat(1025)), Err(Violation::TooLong));
    assert_eq!(check("this \u{fc}n\u{cf}code is mine"), Err(Violation::ContainsServiceName));
    assert_eq!(check("down with ALICE's cat"), Err(Violation::ContainsUserName));
}

/// The filter was built on a machine with a different word size.
#[wasm_bindgen_test]
fn every_common_password_is_rejected() {
    let policy = Policy::new(8, [""; 0]);
    for password in include_str!("../src/password/common_passwords.txt").lines() {
        if !password.starts_with("# ") {
            let checked = policy.check(&NewPassword::new(password), None);
            assert_eq!(checked, Err(Violation::Common), "{password}");
        }
    }
    assert_eq!(policy.check(&NewPassword::new("not a common one"), None), Ok(()));
}

#[wasm_bindgen_test]
fn codes_and_their_records_are_parsed() {
    let key = "pending-code:30a5154b77ab8b2ddbe19f5e7af72f33cc2a4a41f22940d965102650a1c72863";
    for spelling in ["f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "{F81D4FAE7DEC11D0A76500A0C91E6BF6}"] {
        assert_eq!(PendingCode::parse(spelling).unwrap().digest().kv_key(), key);
    }
    assert!(PendingCode::parse("f81d4fae-7dec-11d0-a765-00a0c91e6bf").is_err());

    // Milliseconds do not fit into the 32 bits of a `usize`.
    let record = r#"{"UserId":"5","IssuedAt":1767225600000,"ExpiresAt":8640000000000000}"#;
    let issued_at = 1_767_225_600_000_u64.try_into().unwrap();
    let record = PendingCodeRecord::from_json(record, issued_at).unwrap();
    let now = 8_639_999_999_999_999_u64.try_into().unwrap();
    assert!(record.is_valid_for(&record.user_id, now));
    assert!(!record.is_valid_for(&record.user_id, record.expires_at));
}
