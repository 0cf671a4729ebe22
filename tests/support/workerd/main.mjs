// The Worker, and what tests ask about it:
// - /test/memory: how much memory it has;
// - /test/buffers: how many bytes are left in the buffers into which it has read bodies;
// - /test/buffer-sizes: how large all of its buffers were.
// For comparison, /test/read reads the body as the runtime does, and nothing else. A request with the header Test-Stream
// arrives as if another Worker had replaced its body with a stream that isn't a byte stream.
//
// Timers take ten times as long, so that a busy machine can put hundreds of bodies together before their deadline.

import { instances } from "./instances.mjs";
import { buffers, sizes } from "./buffers.mjs";
import Worker from "./index.js";

const { setTimeout } = globalThis;
globalThis.setTimeout = (run, milliseconds) => setTimeout(run, milliseconds * 10);

export default {
  async fetch(request, env, ctx) {
    switch (new URL(request.url).pathname) {
      case "/test/memory":
        return Response.json(instances.map((instance) => instance.exports.memory.buffer.byteLength));
      case "/test/buffers":
        return Response.json(buffers.map((buffer) => new Uint8Array(buffer).filter((byte) => byte !== 0).length));
      case "/test/buffer-sizes":
        return Response.json(sizes);
      case "/test/read":
        await request.arrayBuffer();
        return new Response();
    }
    if (request.headers.has("Test-Stream")) {
      request = new Request(request, { body: request.body.pipeThrough(new TransformStream()) });
    }
    return new Worker(ctx, env).fetch(request);
  },
};
