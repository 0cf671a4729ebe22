//! Builds a binary fuse filter from the list of common passwords, so that the module contains 20 bits per password instead
//! of the text.

use std::{env, error::Error, fs, path::Path};

use xorf::{BinaryFuse16, DmaSerializable as _};

// Shared with the code that queries the filter: both must hash a password in the same way.
include!("src/password/common_password_key.rs");

const LIST: &str = "src/password/common_passwords.txt";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={LIST}");
    println!("cargo::rerun-if-changed=src/password/common_password_key.rs");

    let list = fs::read_to_string(LIST)?;
    let keys: Vec<u64> =
        list.lines().filter(|line| !line.starts_with("# ")).map(common_password_key).collect();
    let filter = BinaryFuse16::try_from(&keys)?;

    let mut descriptor = vec![0; BinaryFuse16::DESCRIPTOR_LEN];
    filter.dma_copy_descriptor_to(&mut descriptor);
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("common_passwords.descriptor"), descriptor)?;
    fs::write(Path::new(&out).join("common_passwords.fingerprints"), filter.dma_fingerprints())?;
    Ok(())
}
