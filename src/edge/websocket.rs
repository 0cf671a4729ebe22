//! The server's end of a `WebSocket`.

use std::{rc::Rc, time::Duration};

use futures_util::{
    StreamExt as _,
    future::{Either, select},
};
use worker::{
    Context, Delay, Env, WebSocket, WebSocketPair, WebsocketEvent,
    js_sys::{ArrayBuffer, Function, JsString, Object, Reflect},
    wasm_bindgen::{JsCast as _, JsValue},
    web_sys,
    worker_sys::ext::ResponseInitExt as _,
    ws_events::MessageEvent,
};
use zeroize::Zeroizing;

use super::{convert::REQUEST_ID, request_tag::RequestTag, runtime::Runtime, trap_guard::TrapGuard};
use crate::gateway::{CallFrame, Close, Connection, FrameError, IDLE_TIMEOUT_SECONDS, MAX_FRAME_BYTES};

/// A WebSocket, and what each call on it needs.
struct Session {
    socket: WebSocket,
    connection: Connection,
    env: Env,
    context: Rc<Context>,
    tag: RequestTag,
    /// Closes the WebSocket if the Worker traps.
    _guard: TrapGuard,
}

/// Opens a WebSocket, and returns the response that contains the client's end.
///
/// # Errors
///
/// What the runtime threw, which should never happen.
pub(super) fn open(
    connection: Connection,
    env: Env,
    context: Rc<Context>,
    tag: RequestTag,
) -> Result<web_sys::Response, JsValue> {
    let WebSocketPair { client, server } = WebSocketPair::new()?;
    accept(&server)?;

    let headers = web_sys::Headers::new()?;
    headers.append(REQUEST_ID, tag.request_id())?;
    let mut init = web_sys::ResponseInit::new();
    init.set_status(101);
    init.set_headers(&headers);
    init.websocket(client.as_ref())?;

    let close = vec![Close::PANIC.code.into(), Close::PANIC.reason.into()];
    let guard = TrapGuard::call_host(&tag, server.as_ref(), "close", close);
    let session = Rc::new(Session { socket: server, connection, env, context, tag, _guard: guard });
    let serving = Rc::clone(&session);
    session.context.wait_until(async move {
        if let Err(error) = Rc::clone(&serving).serve().await {
            serving.tag.log_error(&format!("WebSocket: {error}"));
            serving.close(Close::PANIC);
        }
    });
    web_sys::Response::new_with_opt_str_and_init(None, &init)
}

/// Accepts a connection. By default, the runtime responds to the client's close frame at once, and drops what is sent
/// afterwards (compatibility flag `web_socket_auto_reply_to_close`). The `worker` crate doesn't expose the option.
fn accept(server: &WebSocket) -> Result<(), JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"allowHalfOpen".into(), &true.into())?;
    let accept: Function = Reflect::get(server.as_ref(), &"accept".into())?.dyn_into()?;
    accept.call1(server.as_ref(), &options)?;
    // The default depends on the compatibility date.
    Reflect::set(server.as_ref(), &"binaryType".into(), &"arraybuffer".into())?;
    Ok(())
}

impl Session {
    /// Handles messages until the client leaves or is idle for too long, or the connection is at its limit.
    async fn serve(self: Rc<Self>) -> worker::Result<()> {
        let mut events = self.socket.events()?;
        loop {
            let idle = Delay::from(Duration::from_secs(IDLE_TIMEOUT_SECONDS));
            let message = match select(events.next(), idle).await {
                Either::Left((Some(Ok(WebsocketEvent::Message(message))), _)) => message,
                // The client has left, with a close frame or without one.
                Either::Left(_) => {
                    self.connection.client_left();
                    break self.close_if_done();
                }
                Either::Right(_) => break self.close(Close::IDLE),
            };
            // A call that was in progress when this message arrived may have been the last one.
            if !self.connection.is_ending() {
                match self.connection.receive(read(&message)) {
                    Ok(frame) => self.context.wait_until(Rc::clone(&self).call(frame)),
                    Err(reply) => self.send(&reply),
                }
            }
            if self.connection.is_ending() {
                break self.close_if_done();
            }
        }
        Ok(())
    }

    /// Makes a call and sends its reply. Calls run concurrently.
    async fn call(self: Rc<Self>, frame: CallFrame) {
        let tag = self.tag.for_frame(frame.sequence());
        let after_trap = vec![frame.reply_after_panic().into()];
        let _guard = TrapGuard::call_host(&tag, self.socket.as_ref(), "send", after_trap);
        let runtime = Runtime::new(self.env.clone(), Rc::clone(&self.context), tag);
        let reply = self.connection.call(frame, &runtime).await;
        self.send(&reply);
        self.close_if_done();
    }

    /// Closes a connection that is ending once no call is in progress, so that no reply is lost.
    fn close_if_done(&self) {
        if let Some(close) = self.connection.close_reason() {
            self.close(close);
        }
    }

    /// Sends a reply. If the client has left, the reply is dropped.
    fn send(&self, reply: &str) {
        let _ = self.socket.send_with_str(reply);
    }

    /// Closes the WebSocket, unless it is closed already.
    fn close(&self, close: Close) {
        let _ = self.socket.close(Some(close.code), Some(close.reason));
    }
}

/// Reads the text of a message. The length is checked before the text is copied, since the module's memory never shrinks.
fn read(message: &MessageEvent) -> Result<Zeroizing<String>, FrameError> {
    let data = message.as_ref().data();
    let text = data.dyn_ref::<JsString>();
    // The length of a text is in UTF-16 code units, each of which takes at least one byte in UTF-8.
    let length = match (text, data.dyn_ref::<ArrayBuffer>()) {
        (Some(text), _) => text.length(),
        (None, Some(binary)) => binary.byte_length(),
        (None, None) => u32::MAX,
    };
    if length as usize > MAX_FRAME_BYTES {
        return Err(FrameError::Oversized);
    }
    text.map(|text| Zeroizing::new(String::from(text))).ok_or(FrameError::NotText)
}
