// The Worker as it is built, and beside it, in the same workerd, the least that a JavaScript Worker would do for a
// refused call: read the body, ask the limit, digest the code, look it up in KV, answer. Once more without the limit,
// which is a counter in memory on Cloudflare, but a row in SQLite in the local runtime.

import Worker from "../../build/index.js";

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function minimal(request, env, isLimited) {
  const { PendingCode } = await request.json();
  if (isLimited) {
    const { success } = await env.CALL_LIMIT.limit({ key: request.headers.get("CF-Connecting-IP") });
    if (!success) return new Response(null, { status: 429 });
  }
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(PendingCode.toLowerCase()));
  const record = await env.PENDING_CODES.get(`pending-code:${hex(digest)}`);
  return Response.json({ result: record !== null, errormsg: "Not Authorized", errorcode: 20, detail: null });
}

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === "/minimal") return minimal(request, env, true);
    if (pathname === "/unlimited") return minimal(request, env, false);
    if (pathname === "/test/sql")
      return Response.json(await env.EXCHANGE.batch((await request.json()).map((sql) => env.EXCHANGE.prepare(sql))));
    if (pathname === "/test/kv") {
      for (const [key, value] of Object.entries(await request.json())) await env.PENDING_CODES.put(key, value);
      return new Response("put");
    }
    return new Worker(ctx, env).fetch(request);
  },
};
