//! The bodies of requests and responses.

use http::header::CONTENT_LENGTH;
use wasm_bindgen::prelude::wasm_bindgen;
use worker::{
    js_sys::{Promise, Reflect, Uint8Array, futures::JsFuture},
    wasm_bindgen::{JsCast as _, JsValue},
    web_sys,
};
use zeroize::Zeroizing;

use crate::ports::{BodyIncomplete, RequestBody};

// Every function that can throw has `catch`: an exception that isn't caught would end the whole instance.
#[wasm_bindgen]
extern "C" {
    /// A reader that fills a buffer of ours.
    #[wasm_bindgen(js_name = ReadableStreamBYOBReader)]
    type ByobReader;

    /// Creates a reader of a stream, and locks the stream. Fails unless it is a byte stream.
    #[wasm_bindgen(constructor, catch, js_class = "ReadableStreamBYOBReader")]
    fn new(stream: &Stream) -> Result<ByobReader, JsValue>;

    /// Reads until the buffer contains `min_bytes`, or the stream ends. An extension of the runtime
    /// (<https://developers.cloudflare.com/workers/runtime-apis/streams/readablestreambyobreader/>).
    #[wasm_bindgen(method, catch, js_class = "ReadableStreamBYOBReader", js_name = readAtLeast)]
    fn read_at_least(this: &ByobReader, min_bytes: usize, buffer: &Uint8Array) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_class = "ReadableStreamBYOBReader")]
    fn cancel(this: &ByobReader) -> Result<Promise, JsValue>;

    /// `web_sys::ReadableStream`, with the method that we need.
    #[wasm_bindgen(js_name = ReadableStream)]
    type Stream;

    /// Fails if the stream is locked.
    #[wasm_bindgen(method, catch, js_class = "ReadableStream", js_name = pipeThrough)]
    fn pipe_through(this: &Stream, transform: &IdentityTransformStream) -> Result<Stream, JsValue>;

    /// Turns any stream of `Uint8Array`s into a byte stream. Also an extension of the runtime.
    type IdentityTransformStream;

    #[wasm_bindgen(constructor)]
    fn new() -> IdentityTransformStream;
}

/// The body of a request, which is not read until it is needed.
///
/// The runtime collects the chunks in buffers outside this module's memory, which never shrinks. If each chunk were
/// passed to us, a body of one-byte chunks would take six times as long, and thirty times its size in memory.
pub(super) struct RuntimeBody {
    stream: Option<web_sys::ReadableStream>,
    /// The `Content-Length`, if there is one.
    length: Option<usize>,
}

impl RuntimeBody {
    pub(super) fn new(request: &web_sys::Request) -> Self {
        let length = request.headers().get(CONTENT_LENGTH.as_str()).ok().flatten();
        Self { stream: request.body(), length: length.and_then(|length| length.parse().ok()) }
    }
}

impl RequestBody for RuntimeBody {
    async fn read(self, max_bytes: usize) -> Result<Zeroizing<Vec<u8>>, BodyIncomplete> {
        let Some(stream) = self.stream else { return Ok(Zeroizing::default()) };
        // One byte more than announced, so that the end of the stream is read as well.
        let length = self.length.map_or(max_bytes, |length| max_bytes.min(length.saturating_add(1)));
        let mut reader = Reader::open(stream.unchecked_ref()).map_err(|_| BodyIncomplete)?;
        let bytes = reader.read(length).await.map_err(|_| BodyIncomplete)?;
        // A Worker that wraps this one may have replaced the body by a longer one, and kept the header. Its beginning could be
        // another password.
        let is_longer = self.length.is_some_and(|announced| bytes.len() > announced);
        if is_longer && bytes.len() < max_bytes { Err(BodyIncomplete) } else { Ok(bytes) }
    }
}

/// Reads a whole stream of at most `max_bytes` bytes.
///
/// # Errors
///
/// The stream failed or is longer.
pub(super) async fn read_at_most(
    stream: &web_sys::ReadableStream,
    max_bytes: usize,
) -> Result<Zeroizing<Vec<u8>>, JsValue> {
    let mut reader = Reader::open(stream.unchecked_ref())?;
    let bytes = reader.read(max_bytes + 1).await?;
    if reader.at_end { Ok(bytes) } else { Err("The body is too long.".into()) }
}

/// The size of the first buffer, in bytes: enough for a call with a password that people type.
const FIRST_BUFFER: usize = 512;

/// Reads a stream, and cancels it if dropped before the end.
struct Reader {
    reader: ByobReader,
    at_end: bool,
}

impl Reader {
    fn open(stream: &Stream) -> Result<Self, JsValue> {
        // The body of a request that came over the network is a byte stream. But a Worker that wraps this one may pass
        // it a request with any stream.
        let reader = ByobReader::new(stream)
            .or_else(|_| ByobReader::new(&stream.pipe_through(&IdentityTransformStream::new())?))?;
        Ok(Self { reader, at_end: false })
    }

    /// Reads `length` bytes, or as many as there are.
    ///
    /// Each buffer is as large as what has arrived before, so that clients who announce a body and send nothing take little of the
    /// isolate's memory.
    async fn read(&mut self, length: usize) -> Result<Zeroizing<Vec<u8>>, JsValue> {
        let (mut chunks, mut read) = (Chunks::default(), 0);
        while read < length && !self.at_end {
            let size = read.max(FIRST_BUFFER).min(length - read);
            let buffer = Uint8Array::new_with_length(u32::try_from(size).unwrap_or(u32::MAX));
            let result = JsFuture::from(self.reader.read_at_least(size, &buffer)?).await?;
            // The buffer has moved into this array.
            let chunk: Uint8Array = Reflect::get(&result, &"value".into())?.dyn_into()?;
            self.at_end = (chunk.length() as usize) < size;
            read += chunk.length() as usize;
            chunks.0.push(chunk);
        }
        Ok(chunks.copy(read))
    }
}

/// What was read, outside this module's memory. It is wiped when this is dropped.
#[derive(Default)]
struct Chunks(Vec<Uint8Array>);

impl Chunks {
    /// Copies the chunks, which have `length` bytes in all.
    fn copy(&self, length: usize) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(vec![0; length]);
        let mut rest = bytes.as_mut_slice();
        for chunk in &self.0 {
            let (part, after) = rest.split_at_mut(chunk.length() as usize);
            chunk.copy_to(part);
            rest = after;
        }
        bytes
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        for chunk in &self.0 {
            chunk.fill(0, 0, chunk.length());
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if !self.at_end
            && let Ok(cancelled) = self.reader.cancel()
        {
            // Nobody waits for this promise, but a rejected promise without a handler would be logged.
            drop(JsFuture::from(cancelled));
        }
    }
}
