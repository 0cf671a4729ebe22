// The Worker, watched by observed.mjs, and next to it the route of Cloudflare's REST API that writes one KV entry.
// wrangler's Local Explorer has more routes of that API, but accepts any token, and ignores `expiration_ttl`.

import observed from "../support/observed.mjs";

async function restApi(request, env) {
  const respond = (status, ...errors) =>
    Response.json({ success: status === 200, errors, messages: [], result: null }, { status });
  if (request.headers.get("Authorization") !== "Bearer a-token")
    return respond(403, { code: 10000, message: "Authentication error" });
  const { pathname, searchParams } = new URL(request.url);
  // A colon in a key must be encoded.
  const [, key] = /^\/client\/v4\/accounts\/1\/storage\/kv\/namespaces\/2\/values\/([\w%-]+)$/.exec(pathname) ?? [];
  if (request.method !== "PUT" || !key) return respond(404, { code: 7000, message: "No route for that URI" });
  const expirationTtl = Number(searchParams.get("expiration_ttl"));
  await env.PENDING_CODES.put(decodeURIComponent(key), await request.text(), { expirationTtl });
  return respond(200);
}

export default {
  ...observed,
  fetch: (request, env, ctx) =>
    new URL(request.url).pathname.startsWith("/client/v4/") ? restApi(request, env) : observed.fetch(request, env, ctx),
};
