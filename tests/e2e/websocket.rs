//! Contract, section 2, WebSocket.

mod connections;
mod frames;
