// Two versions of the Worker on the same KV, D1 and queue, as during a deployment and after a rollback. The header Test-Version
// says which one handles a request, and /test/consumer which one delivers messages.

import Current from "../../build/index.js";
import Previous from "../../target/previous/build/index.js";
import { state } from "./state.mjs";

const versions = { current: Current, previous: Previous };

let consumer = Current;

export default {
  queue: (batch, env, ctx) => new consumer(ctx, env).queue(batch),
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === "/test/consumer") {
      consumer = versions[await request.json()];
      return new Response();
    }
    if (pathname.startsWith("/test/")) return state(request, env);
    const Version = versions[request.headers.get("Test-Version")];
    return new Version(ctx, env).fetch(request);
  },
};
