// The observed Worker, and a route that redeems codes as fast as D1 can: it repeats the batch of a real reset, each time for
// another user and with another code, without the hash and everything else that a call does.

import observed from "../support/observed.mjs";

/** The batch of the latest reset. */
let redemption;

/** D1, which remembers that batch. */
const remembering = (database) =>
  new Proxy(database, {
    get: (target, name) => {
      if (name === "constructor") return target.constructor;
      if (name !== "batch") return (...values) => target[name](...values);
      return (statements) => {
        // claim_code.sql. Tests insert such rows, too, but without naming the columns.
        if (statements[0].statement.includes("INSERT INTO redeemed_codes (code_digest")) redemption = statements;
        return target.batch(statements);
      };
    },
  });

export default {
  ...observed,
  fetch(request, env, ctx) {
    if (new URL(request.url).pathname === "/test/replay") return replay(request, env);
    return observed.fetch(request, { ...env, EXCHANGE: remembering(env.EXCHANGE) }, ctx);
  },
};

/** Redeems a code for each of these users, so many at a time. */
async function replay(request, env) {
  const { users, concurrency, milliseconds } = await request.json();
  const times = [];
  const start = Date.now();
  let committed = 0;
  const errors = {};
  const redeemOneAfterAnother = async () => {
    while (users.length > 0 && Date.now() - start < milliseconds) {
      const batch = forUser(env.EXCHANGE, users.pop());
      const before = performance.now();
      try {
        const { granted } = (await env.EXCHANGE.batch(batch)).at(-1).results[0];
        committed += granted;
      } catch ({ message }) {
        errors[message] = (errors[message] ?? 0) + 1;
      }
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, redeemOneAfterAnother));
  return Response.json({ committed, errors, times, milliseconds: Date.now() - start });
}

/** The batch with another code, user and attempt, and in time. The first five parameters are the same in all its statements. */
function forUser(database, user) {
  const digest = Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, "0"));
  const [, , issuedAt] = redemption[0].params;
  const own = [digest.join(""), user, issuedAt, crypto.randomUUID(), Date.now() + 60_000];
  return redemption.map(({ statement, params }) => database.prepare(statement).bind(...own, ...params.slice(own.length)));
}
