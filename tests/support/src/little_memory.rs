//! A copy of the Worker whose module may use little memory.

use std::{fs, path::Path};

use crate::paths::{root, temporary};

/// How many pages of 64 KiB the copy may add to the memory that it starts with: enough for any call that is not meant to
/// exhaust it.
const MORE_PAGES: u32 = 2;

/// The section of a module that contains its memories.
const MEMORY_SECTION: u8 = 5;

/// Copies the Worker and its observer, and returns the path of the copy's observer from the root of the workspace.
pub(crate) fn copy_with_little_memory() -> String {
    let copy = temporary().join("little-memory");
    let _ = fs::remove_dir_all(&copy);
    let observer = "tests/support/observed.mjs";
    for file in ["build/index.js", "tests/support/state.mjs", observer] {
        let to = copy.join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(root().join(file), to).unwrap();
    }
    let module = Path::new("build/index_bg.wasm");
    let limited = limit_memory(&fs::read(root().join(module)).unwrap());
    fs::write(copy.join(module), limited).unwrap();
    copy.strip_prefix(root()).unwrap().join(observer).to_str().unwrap().to_owned()
}

/// Sets the maximum of a module's only memory (WebAssembly, "Binary Format").
fn limit_memory(module: &[u8]) -> Vec<u8> {
    let (header, mut rest) = module.split_at(8);
    let mut limited = header.to_vec();
    while let Some((&id, after_id)) = rest.split_first() {
        let (size, after_size) = read_leb128(after_id);
        let (section, next) = after_size.split_at(size as usize);
        let section = if id == MEMORY_SECTION { limit_section(section) } else { section.to_vec() };
        limited.push(id);
        write_leb128(&mut limited, u32::try_from(section.len()).unwrap());
        limited.extend(section);
        rest = next;
    }
    limited
}

fn limit_section(section: &[u8]) -> Vec<u8> {
    // One memory, without a maximum.
    let minimum = section.strip_prefix(&[1, 0]).expect("the section has the form that the linker gives it");
    let (minimum, _) = read_leb128(minimum);
    let mut limited = vec![1, 1];
    write_leb128(&mut limited, minimum);
    write_leb128(&mut limited, minimum + MORE_PAGES);
    limited
}

fn read_leb128(bytes: &[u8]) -> (u32, &[u8]) {
    let length = bytes.iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    let (number, rest) = bytes.split_at(length);
    (number.iter().rev().fold(0, |number, byte| number << 7 | u32::from(byte & 0x7f)), rest)
}

fn write_leb128(bytes: &mut Vec<u8>, number: u32) {
    let [low, ..] = number.to_le_bytes();
    if number < 0x80 {
        bytes.push(low);
    } else {
        bytes.push(low | 0x80);
        write_leb128(bytes, number >> 7);
    }
}
