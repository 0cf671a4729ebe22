//! The WebSockets of the gateway: what connects them with the runtime.

use std::{rc::Rc, time::Duration};

use futures_util::{
    StreamExt as _,
    future::{Either, select},
};
use worker::{
    Context, Delay, Env, WebSocket, WebSocketPair, WebsocketEvent, wasm_bindgen::JsValue, web_sys,
    worker_sys::ext::ResponseInitExt as _,
};

use super::{Edge, RequestTag, in_flight::InFlight, wire::REQUEST_ID};
use crate::gateway::websocket::{CallFrame, Close, Connection, MAX_SILENCE_SECONDS};

/// What the connection and each of its calls have.
struct Socket {
    socket: WebSocket,
    connection: Connection,
    env: Env,
    context: Rc<Context>,
    tag: RequestTag,
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

    let socket = Rc::new(Socket { socket: server, connection, env, context: context.clone(), tag });
    context.wait_until(async move {
        if let Err(error) = Rc::clone(&socket).serve().await {
            socket.tag.error(&format!("WebSocket: {error}"));
        }
    });
    web_sys::Response::new_with_opt_str_and_init(None, &init)
}

impl Socket {
    /// Takes messages until the client leaves, says nothing for too long, or too much.
    async fn serve(self: Rc<Self>) -> worker::Result<()> {
        let _place = self.if_broken("close", &[Close::BROKEN.code.into(), Close::BROKEN.reason.into()])?;
        let mut events = self.socket.events()?;
        loop {
            let silence = Delay::from(Duration::from_secs(MAX_SILENCE_SECONDS));
            let message = match select(events.next(), silence).await {
                Either::Left((Some(Ok(WebsocketEvent::Message(message))), _)) => message,
                // It has left, with a goodbye or without one.
                Either::Left(_) => return self.socket.close::<&str>(None, None),
                Either::Right(_) => return self.close(Close::IDLE),
            };
            match self.connection.receive(message.text().as_deref()) {
                Ok(frame) => self.context.wait_until(Rc::clone(&self).answer(frame)),
                Err(refusal) => self.send(&refusal),
            }
            if let Some(end) = self.connection.end() {
                return self.close(end);
            }
        }
    }

    /// Makes a call and sends its answer, at whatever time: others are answered meanwhile.
    async fn answer(self: Rc<Self>, frame: CallFrame) {
        let _place = self.if_broken("send", &[frame.broken().into()]);
        let tag = self.tag.of_frame(frame.sequence());
        let edge = Edge::new(self.env.clone(), Rc::clone(&self.context), tag);
        let answer = self.connection.call(frame, &edge).await;
        self.send(&answer);
        if let Some(end) = self.connection.end() {
            let _ = self.close(end);
        }
    }

    /// Sends an answer; if the client has left, nobody waits for it.
    fn send(&self, answer: &str) {
        let _ = self.socket.send_with_str(answer);
    }

    fn close(&self, close: Close) -> worker::Result<()> {
        self.socket.close(Some(close.code), Some(close.reason))
    }

    /// Has a method of the socket called should this Worker panic.
    fn if_broken(&self, method: &str, values: &[JsValue]) -> Result<InFlight, JsValue> {
        InFlight::take(self.socket.as_ref(), method, values)
    }
}
