//! What a user sees: the pages in a real browser, served by the Worker on real workerd with real KV, D1, queue and e-mail
//! binding.

mod accessibility;
mod front_ends;
mod headers;
mod keyboard;
mod links;
mod lock;
mod navigation;
mod reset;
mod submission;
mod without_javascript;
