//! What the crate is as a library: a program that only verifies hashes or issues codes compiles no web framework.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::{collections::BTreeSet, process::Command};

/// What an exchange's program may compile, by what it is for.
const ALLOWED: [(&str, &str); 6] = [
    ("this project", "exchange reset-password2"),
    (
        "RustCrypto",
        "base16ct base64ct block-buffer cfg-if cmov cpufeatures crypto-common ctutils digest hmac hybrid-array libc \
         password-hash pbkdf2 phc sha2 typenum zeroize",
    ),
    ("JSON", "itoa memchr serde serde_core serde_derive serde_json zmij"),
    (
        "Unicode NFC",
        "displaydoc icu_collections icu_locale_core icu_normalizer icu_normalizer_data icu_provider litemap potential_utf \
         smallvec stable_deref_trait synstructure tinystr utf8_iter utf_types writeable yoke yoke-derive zerofrom \
         zerofrom-derive zerotrie zerovec zerovec-derive",
    ),
    ("the filter of common passwords", "libm xorf"),
    (
        "GUIDs, randomness, and errors",
        "getrandom proc-macro2 quote syn thiserror thiserror-impl unicode-ident uuid",
    ),
];

#[test]
fn an_exchanges_program_compiles_only_what_it_needs() {
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--package",
            "exchange",
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    let packages: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(packages.contains("pbkdf2"), "{packages:?}");
    let allowed: BTreeSet<&str> = ALLOWED.iter().flat_map(|(_, packages)| packages.split(' ')).collect();
    let unexpected: Vec<_> = packages.difference(&allowed).collect();
    assert!(unexpected.is_empty(), "not allowed: {unexpected:?}");
}
