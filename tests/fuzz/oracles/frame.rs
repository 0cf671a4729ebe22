//! Frames of a WebSocket.

use std::str;

use http::{HeaderValue, Request, header::UPGRADE};
use reset_password2::{
    gateway::{self, Connection, MAX_FRAME_BYTES},
    settings::Setting,
};
use serde_json::Value;

use super::{
    json::{self, Json},
    payload, response, settings,
    world::{World, now},
};

/// A frame is a call exactly if a second parser reads one. Its reply has its `i` and `n`, and a standard response object.
pub fn frame(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let mut request = Request::get("/WSGateway/").body(()).unwrap();
    request.headers_mut().insert(UPGRADE, HeaderValue::from_static("websocket"));
    let settings = settings::with(Setting::LoginUrl, "");
    let connection = gateway::open_connection(&request, &settings).expect("a connection");
    let world = World::default();
    reply(&connection, text, &world);
}

/// Sends a frame, checks the reply, and returns it.
pub(super) fn reply(connection: &Connection, text: &str, world: &World) -> String {
    let frame = Frame::read(text);
    let logged = world.log.borrow().len();
    let (reply, message_type) = match connection.receive(Ok(text)) {
        Ok(received) => {
            assert_eq!(received.sequence().map(ToString::to_string), frame.sequence, "{text:?}");
            let after_panic = received.reply_after_panic();
            check(&after_panic, &frame, 1, "unclear");
            let reply = now(connection.call(received, world));
            assert_eq!(world.log.borrow().len(), logged + 1, "{text:?}");
            check(&reply, &frame, 1, world.log.borrow()[logged].1.as_str());
            (reply, 1)
        }
        Err(reply) => {
            assert_eq!(world.log.borrow().len(), logged, "{text:?}");
            check(&reply, &frame, 5, frame.error.unwrap_or("none"));
            (reply, 5)
        }
    };
    assert_eq!(frame.error.is_none(), message_type == 1, "{text:?}");
    reply
}

fn check(reply: &str, frame: &Frame, message_type: u64, outcome: &str) {
    let object: Value = serde_json::from_str(reply).unwrap();
    assert_eq!(object["m"], message_type, "{reply}");
    assert_eq!(object["n"].as_str(), frame.name.as_deref(), "{reply}");
    let sequence = frame.sequence.as_deref().unwrap_or("null");
    let [name, response] = ["n", "o"].map(|key| &object[key]);
    assert_eq!(reply, format!(r#"{{"m":{message_type},"i":{sequence},"n":{name},"o":{response}}}"#));
    response::assert_standard(response.as_str().unwrap(), outcome);
}

/// A frame, and why it isn't a call.
#[derive(Default)]
struct Frame {
    sequence: Option<String>,
    name: Option<String>,
    error: Option<&'static str>,
}

impl Frame {
    fn read(text: &str) -> Self {
        let mut frame = Self::default();
        frame.error = frame.fill(text).err();
        frame
    }

    fn fill(&mut self, text: &str) -> Result<(), &'static str> {
        const INVALID: &str = "invalid";

        if text.len() > MAX_FRAME_BYTES || text.contains('\u{fffd}') {
            return Err(INVALID);
        }
        let members = payload::members(text.as_bytes(), &["m", "i", "n", "o"]).map_err(|_| INVALID)?;
        let integer = |key| json::values(&members, key).first().and_then(|value| Json::integer(value));
        self.sequence = Some(integer("i").ok_or(INVALID)?.to_string());
        self.name = Some(payload::string(&members, "n").map_err(|_| INVALID)?);
        if integer("m").ok_or(INVALID)? != 0 {
            return Err("method_not_allowed");
        }
        let name = self.name.as_deref().unwrap_or_default();
        if !["ResetPassword", "ResetPassword2", "LockAccount"]
            .iter()
            .any(|call| call.eq_ignore_ascii_case(name))
        {
            return Err("unknown_call");
        }
        payload::string(&members, "o").map_err(|_| INVALID)?;
        Ok(())
    }
}
