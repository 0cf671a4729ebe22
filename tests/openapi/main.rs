//! The Worker does what `docs/` describes. schemathesis makes calls from the OpenAPI document and compares every response
//! with it, and the entries in KV are compared with their JSON Schema.
//!
//! `make test` installs schemathesis first.

mod document;
mod gateway_responses;
mod pending_code_entry;
mod schemathesis;
