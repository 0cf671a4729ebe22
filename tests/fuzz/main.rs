//! The oracles of the fuzz targets, on the committed corpus: what `make fuzz` once found stays fixed.
//!
//! `cargo test --test fuzz` needs neither libFuzzer nor a C++ compiler.

#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::print_stdout,
    unreachable_pub,
    missing_docs,
    reason = "tests; oracles is also the library of the fuzz targets"
)]

mod oracles;

use std::{collections::BTreeSet, fs, path::Path};

#[test]
fn no_oracle_objects_to_its_corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    for (name, oracle) in oracles::ALL {
        let inputs: Vec<_> =
            fs::read_dir(corpus.join(name)).unwrap().map(|file| file.unwrap().path()).collect();
        assert!(inputs.len() > 5, "{name} has no corpus");
        for input in inputs {
            println!("{}", input.display()); // shown if the oracle panics
            oracle(&fs::read(&input).unwrap());
        }
    }
}

#[test]
fn every_oracle_has_a_target() {
    let targets = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/targets");
    let targets: BTreeSet<_> = fs::read_dir(targets).unwrap().map(|file| file.unwrap().path()).collect();
    let names: BTreeSet<_> =
        targets.iter().map(|target| target.file_stem().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, oracles::ALL.map(|(name, _)| name).into());
    for target in &targets {
        let call = format!("oracles::{}(input)", target.file_stem().unwrap().display());
        assert!(fs::read_to_string(target).unwrap().contains(&call), "{}", target.display());
    }
}
