/// Returns the key of a password in the filter: the first eight bytes of its SHA-256.
fn common_password_key(password: &str) -> u64 {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(password.as_bytes());
    digest
        .iter()
        .take(8)
        .fold(0, |key, byte| key << 8 | u64::from(*byte))
}
