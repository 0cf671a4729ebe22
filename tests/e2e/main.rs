//! What only the real runtime can show: the Worker on workerd, with real KV, D1, queue and e-mail binding, over HTTP and
//! WebSocket.

mod bodies;
mod branding;
mod breach_check;
mod costs;
mod disconnects;
mod events;
mod existing_clients;
mod faults;
mod health;
mod http;
mod log;
mod once_only;
mod overload;
mod owner_controls;
mod rate_limit;
mod reset_password;
mod reset_password2;
mod settings;
mod smoke;
mod support_desk;
mod traps;
mod websocket;
