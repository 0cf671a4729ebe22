//! Every package that is downloaded is pinned by its hash: crates, and the packages of npm and pip.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::Value;

/// Cargo verifies the checksums, and `make lint` rejects every other registry (deny.toml).
#[test]
fn every_crate_has_a_checksum() {
    let packages = include_str!("../Cargo.lock").split("\n[[package]]\n").skip(1);
    let downloaded: Vec<_> = packages.filter(|package| package.contains("\nsource = ")).collect();
    assert!(downloaded.len() > 100);
    for package in downloaded {
        assert!(package.contains("\nchecksum = \""), "{package}");
    }
}

/// `npm ci` verifies a hash only if there is one, and npm sometimes leaves out those of packages for other platforms.
#[test]
fn every_npm_package_has_a_hash() {
    let lock: Value = serde_json::from_str(include_str!("../package-lock.json")).unwrap();
    // The first is this folder.
    let packages: Vec<_> =
        lock["packages"].as_object().unwrap().iter().filter(|(path, _)| !path.is_empty()).collect();
    assert!(packages.len() > 50);
    for (path, package) in packages {
        assert!(package["integrity"].as_str().is_some_and(|hash| hash.starts_with("sha512-")), "{path}");
    }
}

/// The Makefile calls pip with `--require-hashes`.
#[test]
fn every_pypi_package_has_a_hash() {
    let requirements =
        [include_str!("openapi/requirements.txt"), include_str!("monitoring/requirements.txt")].concat();
    let requirements = requirements.replace("\\\n", " ");
    let packages: Vec<_> = requirements
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .collect();
    assert!(packages.len() > 10);
    for package in packages {
        assert!(package.contains("==") && package.contains(" --hash=sha256:"), "{package}");
    }
    assert!(include_str!("../Makefile").contains(" --require-hashes "));
}
