//! The programs as the page prints them.

use std::{fs, path::PathBuf};

use test_support::paths::temporary;

const PAGE: &str = include_str!("../../docs/other-languages.md");

/// Writes the page's fenced blocks to files, and returns their info strings: each the language and the name of the file.
pub(crate) fn write_programs() -> Vec<&'static str> {
    fs::create_dir_all(folder()).unwrap();
    let mut blocks = PAGE.split("\n```").skip(1);
    let mut infos = Vec::new();
    // A block starts with its info string. After it comes the text up to the next block.
    while let (Some(block), Some(_)) = (blocks.next(), blocks.next()) {
        let (info, program) = block.split_once('\n').unwrap();
        fs::write(folder().join(file(info)), format!("{program}\n")).unwrap();
        infos.push(info);
    }
    infos
}

/// The name of the file in an info string.
pub(crate) fn file(info: &str) -> &str {
    info.split_once(' ').expect(info).1
}

/// The folder with the files.
pub(crate) fn folder() -> PathBuf {
    temporary().join("docs")
}
