// The Worker, and how much memory it has.

import { instances } from "./instances.mjs";
import Worker from "./index.js";

export default {
  async fetch(request, env, ctx) {
    if (new URL(request.url).pathname === "/test/memory")
      return Response.json(instances.map((instance) => instance.exports.memory.buffer.byteLength));
    return new Worker(ctx, env).fetch(request);
  },
};
