// The Worker and, next to it in the same workerd, the least that a JavaScript Worker would do for a refused call: read the
// body, check the rate limit, digest the code, look it up in KV, respond, and write a line to the log after the response.

import Worker from "../../build/index.js";
import { state } from "../support/state.mjs";

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function minimal(request, env, ctx) {
  const { PendingCode } = await request.json();
  const { success } = await env.CALL_LIMIT.limit({ key: request.headers.get("CF-Connecting-IP") });
  if (!success) return new Response(null, { status: 429 });
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(PendingCode.toLowerCase()));
  const record = await env.PENDING_CODES.get(`pending-code:${hex(digest)}`);
  ctx.waitUntil(log({ call: "ResetPassword2", outcome: "not_authorized", errorcode: 20 }));
  return Response.json({ result: record !== null, errormsg: "Not Authorized", errorcode: 20, detail: null });
}

async function log(line) {
  await scheduler.wait(0);
  console.log(JSON.stringify(line));
}

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    if (pathname === "/minimal") return minimal(request, env, ctx);
    if (pathname.startsWith("/test/")) return state(request, env);
    return new Worker(ctx, env).fetch(request);
  },
};
