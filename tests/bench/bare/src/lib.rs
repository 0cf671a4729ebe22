//! The hash without the Worker: what the crates themselves can do in WebAssembly.

use std::hint::black_box;

/// Hashes a password and a salt that the compiler can't see, and returns the first eight bytes, big-endian.
#[unsafe(no_mangle)]
pub extern "C" fn hash(rounds: u32) -> u64 {
    let mut output = [0; 64];
    let (password, salt) = (b"four words that fit", b"sixteen  random!");
    pbkdf2::pbkdf2_hmac::<sha2::Sha512>(black_box(password), black_box(salt), rounds, &mut output);
    u64::from_be_bytes(std::array::from_fn(|index| output[index]))
}
