//! docs/contract.md, section 2, WebSocket.

mod connections;
mod frames;
