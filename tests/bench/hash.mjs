// The Worker with bindings that respond at once, so that most of a successful call is the hash; and, at /bare, the hash without
// the Worker.

import bare from "./bare_pbkdf2.wasm";
import Worker from "./index.js";

const { hash } = new WebAssembly.Instance(bare).exports;

// The `worker` crate checks the names of some of these classes.
class Ratelimit {
  async limit() {
    return { success: true };
  }
}

class KvNamespace {
  async get() {
    const now = Date.now();
    return JSON.stringify({ UserId: "5", UserName: "alice", IssuedAt: now, ExpiresAt: now + 60_000 });
  }
  async delete() {}
}

class WorkerQueue {
  async sendBatch() {}
}

class D1Database {
  prepare() {
    return { bind: () => ({}) };
  }
  async batch() {
    return [{ success: true, results: [{ granted: 1, used: 1, user_exists: 1, late: 0 }] }];
  }
}

const env = {
  PUBLIC_URL: "http://127.0.0.1",
  MAIL_FROM: "no-reply@exchange.example",
  CALL_LIMIT: new Ratelimit(),
  CODE_LIMIT: new Ratelimit(),
  PENDING_CODES: new KvNamespace(),
  MAIL_QUEUE: new WorkerQueue(),
  EXCHANGE: new D1Database(),
};

export default {
  fetch(request, _, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/bare") return new Response(hash(searchParams.get("rounds")).toString());
    return new Worker(ctx, env).fetch(request);
  },
};
