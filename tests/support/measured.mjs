// The Worker as it is, for measurements: unlike observed.mjs, nothing is between it and the runtime. Apart from it, tests
// fill and read its stores, and /test/memory says how much memory its instances have.

import { instances } from "./workerd/instances.mjs";
import Worker from "../../build/index.js";
import { state } from "./state.mjs";

export default {
  queue: (batch, env, ctx) => new Worker(ctx, env).queue(batch),
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === "/test/memory") {
      return Response.json(instances.map((instance) => instance.exports.memory.buffer.byteLength));
    }
    if (pathname.startsWith("/test/")) return state(request, env);
    return new Worker(ctx, env).fetch(request);
  },
};
