//! The gateway's end of a `WebSocket`, in the runtime.

use std::{rc::Rc, time::Duration};

use futures_util::{
    StreamExt as _,
    future::{Either, select},
};
use worker::{
    Context, Delay, Env, WebSocket, WebSocketPair, WebsocketEvent,
    js_sys::JsString,
    wasm_bindgen::{JsCast as _, JsValue},
    web_sys,
    worker_sys::ext::ResponseInitExt as _,
    ws_events::MessageEvent,
};
use zeroize::Zeroizing;

use super::{Edge, RequestTag, in_flight::InFlight, wire::REQUEST_ID};
use crate::gateway::websocket::{
    CallFrame, Close, Connection, MAX_FRAME_BYTES, MAX_SILENCE_SECONDS, Unserved,
};

/// Who is at the other end, and what each call of theirs needs.
struct Peer {
    socket: WebSocket,
    connection: Connection,
    env: Env,
    context: Rc<Context>,
    tag: RequestTag,
    /// Has the connection closed should this Worker panic, for as long as anything of it is left.
    _place: InFlight,
}

/// Opens a connection, and gives the answer that says so.
///
/// # Errors
///
/// What the runtime threw: nothing that it is known to do.
pub(super) fn open(
    connection: Connection,
    env: Env,
    context: Rc<Context>,
    tag: RequestTag,
) -> Result<web_sys::Response, JsValue> {
    let WebSocketPair { client, server } = WebSocketPair::new()?;
    server.accept()?;

    let headers = web_sys::Headers::new()?;
    headers.append(REQUEST_ID, tag.request_id())?;
    let mut init = web_sys::ResponseInit::new();
    init.set_status(101);
    init.set_headers(&headers);
    init.websocket(client.as_ref())?;

    let broken = [Close::BROKEN.code.into(), Close::BROKEN.reason.into()];
    let place = InFlight::take(tag.clone(), server.as_ref(), "close", &broken)?;
    let peer = Rc::new(Peer { socket: server, connection, env, context, tag, _place: place });
    let serving = Rc::clone(&peer);
    peer.context.wait_until(async move {
        if let Err(error) = Rc::clone(&serving).serve().await {
            serving.tag.error(&format!("WebSocket: {error}"));
            serving.close(Close::BROKEN);
        }
    });
    web_sys::Response::new_with_opt_str_and_init(None, &init)
}

impl Peer {
    /// Takes messages until the client leaves, says nothing for too long, or too much.
    async fn serve(self: Rc<Self>) -> worker::Result<()> {
        let mut events = self.socket.events()?;
        loop {
            let silence = Delay::from(Duration::from_secs(MAX_SILENCE_SECONDS));
            let message = match select(events.next(), silence).await {
                Either::Left((Some(Ok(WebsocketEvent::Message(message))), _)) => message,
                // It has left, with a goodbye or without one.
                Either::Left(_) => break self.close(Close::GOODBYE),
                Either::Right(_) => break self.close(Close::IDLE),
            };
            // By what was under way when it came, or by this message itself.
            if !self.connection.is_over() {
                match self.connection.receive(read(&message)) {
                    Ok(frame) => self.context.wait_until(Rc::clone(&self).answer(frame)),
                    Err(refusal) => self.send(&refusal),
                }
            }
            if self.connection.is_over() {
                break self.close_if_done();
            }
        }
        Ok(())
    }

    /// Makes a call and sends its answer, at whatever time: others are answered meanwhile.
    async fn answer(self: Rc<Self>, frame: CallFrame) {
        let tag = self.tag.of_frame(frame.sequence());
        let _place = InFlight::take(tag.clone(), self.socket.as_ref(), "send", &[frame.broken().into()])
            .inspect_err(|error| tag.error(&format!("WebSocket: {error:?}")));
        let edge = Edge::new(self.env.clone(), Rc::clone(&self.context), tag);
        let answer = self.connection.call(frame, &edge).await;
        self.send(&answer);
        self.close_if_done();
    }

    /// Closes the connection if it is over and nothing is under way any more: no answer is lost.
    fn close_if_done(&self) {
        if let Some(end) = self.connection.end() {
            self.close(end);
        }
    }

    /// Sends an answer; if the client has left, nobody waits for it.
    fn send(&self, answer: &str) {
        let _ = self.socket.send_with_str(answer);
    }

    /// Closes the connection, unless it is closed.
    fn close(&self, close: Close) {
        let _ = self.socket.close(Some(close.code), Some(close.reason));
    }
}

/// The text of a message. Its length is looked at before it is copied, since the module's memory never shrinks.
fn read(message: &MessageEvent) -> Result<Zeroizing<String>, Unserved> {
    let data = message.as_ref().data();
    let text = data.dyn_ref::<JsString>().ok_or(Unserved::NotText)?;
    // In UTF-16, of which a unit is at least one byte in UTF-8.
    if text.length() as usize > MAX_FRAME_BYTES {
        return Err(Unserved::TooLarge);
    }
    Ok(Zeroizing::new(String::from(text)))
}
