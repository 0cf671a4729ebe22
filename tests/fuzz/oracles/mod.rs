//! The oracles: functions that give an input to the code, and panic if the result is wrong. `targets/` calls them from
//! libFuzzer, and `main.rs` calls them with the corpus.
//!
//! Wherever the code uses a crate to parse something, its oracle parses the same input another way: `json` is written from
//! RFC 8259, `form` from the URL standard, and `settings` uses the parser of browsers.

mod accept_language;
mod form;
mod frame;
mod gateway;
mod guid;
mod json;
mod kv_entry;
mod payload;
mod phc;
mod response;
mod settings;
mod world;

/// An oracle. It panics if the code treats the input in any other way than documented.
pub type Oracle = fn(&[u8]);

/// Every oracle, with the name of its target and of the folder of its corpus.
pub const ALL: [(&str, Oracle); 9] = [
    ("accept_language", accept_language),
    ("form", form),
    ("frame", frame),
    ("gateway", gateway),
    ("guid", guid),
    ("kv_entry", kv_entry),
    ("payload", payload),
    ("phc", phc),
    ("settings", settings),
];

pub use self::{
    accept_language::accept_language, form::form, frame::frame, gateway::gateway, guid::guid,
    kv_entry::kv_entry, payload::payload, phc::phc, settings::settings,
};
