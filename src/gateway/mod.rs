//! How a call arrives and how its answer leaves. The HTTP status speaks of the gateway, the body of the call.

pub mod http;
