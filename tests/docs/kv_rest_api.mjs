// Beside the Worker under the eyes of observed.mjs, Cloudflare's REST API, of which it knows how to write one KV entry.
// wrangler's Local Explorer knows more of it, but takes any token, and forgets `expiration_ttl`.

import observed from "../e2e/observed.mjs";

async function restApi(request, env) {
  const answer = (status, ...errors) =>
    Response.json({ success: status === 200, errors, messages: [], result: null }, { status });
  if (request.headers.get("Authorization") !== "Bearer a-token")
    return answer(403, { code: 10000, message: "Authentication error" });
  const { pathname, searchParams } = new URL(request.url);
  // A colon in a key must be encoded.
  const [, key] = /^\/client\/v4\/accounts\/1\/storage\/kv\/namespaces\/2\/values\/([\w%-]+)$/.exec(pathname) ?? [];
  if (request.method !== "PUT" || !key) return answer(404, { code: 7000, message: "No route for that URI" });
  const expirationTtl = Number(searchParams.get("expiration_ttl"));
  await env.PENDING_CODES.put(decodeURIComponent(key), await request.text(), { expirationTtl });
  return answer(200);
}

export default {
  ...observed,
  fetch: (request, env, ctx) =>
    new URL(request.url).pathname.startsWith("/client/v4/") ? restApi(request, env) : observed.fetch(request, env, ctx),
};
