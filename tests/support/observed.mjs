// The Worker, with an observer between it and the runtime. For each request, the observer
// - lists, in the header Test-Operations, what the Worker did in KV, D1 and the queue before it responded, and whether it
//   wrote to D1; and counts, in Test-Rows-Read, the rows that D1 read;
// - causes the faults in the header Test-Fault, a list: the first fault applies to the first operation of its kind, and so on;
// - holds it before D1 until as many requests as the header Test-Gather says (name:size) have arrived there, and lifts the
//   limit of attempts with one code for them;
// - records the data points that it writes to Analytics Engine;
// - records its method and headers, if it comes from a page, and counts the POST requests of each address;
// - counts what costs money, in requests and in the consumer of the queue;
// - records what each statement read, wrote and took, in requests, in the consumer and in the cron handler, once a test has asked;
// - speeds timers up by the setting TEST_SPEED_UP.
// Tests control it, and the Worker's KV and D1, through the routes under /test/.

import Worker from "../../build/index.js";
import { state } from "./state.mjs";

/** The operations of each request, including those after its response, by the request's name. */
const operations = new Map();

/** The method and headers of each request from a page, by the page's origin, until a test takes them. */
const arrivals = new Map();

/** The number of POST requests, by the client's address. */
const posts = new Map();

/** The data points that were written to Analytics Engine. */
const points = [];

/** What costs money: requests, messages, mails, operations in KV, and rows in D1. */
const totals = {};
const count = (what, number = 1) => {
  totals[what] = (totals[what] ?? 0) + number;
};

/** The statements that D1 has executed, with its figures, since a test last took them. Nothing before the first time. */
let executed;

/** The names of the requests that kv:wait no longer holds. */
const released = new Set();

/** How many requests have arrived at D1, by the name of their gathering. */
const gathered = new Map();

/** How many batches have arrived at an overloaded D1, and how many have left it. */
let arrivedAtLimit = 0;
let leftLimit = 0;

/** Whether the Worker panics when it delivers the next message. */
let queuePanics = false;

/** How many more times the e-mail binding fails. */
let mailerFailures = 0;

/** Whether KV takes a minute for each deletion by the consumer of the queue. */
let deletionsAreSlow = false;

/** Whether the e-mail binding never answers the next mail, and how many mails it has not answered. */
let mailerHangs = false;
let hangingMails = 0;

export default {
  async queue(batch, env, ctx) {
    const mailer = {
      send: async (mail) => {
        if (mailerFailures > 0) {
          mailerFailures -= 1;
          // The code from the mail, if it has one. It must not reach the log.
          const quoted = mail.text.match(/^\S{36}$/m)?.[0] ?? mail.to;
          const message = `no mail to ${mail.to} today:\n\n${quoted}\n`;
          throw Object.assign(new Error(message), { code: "E_DELIVERY_FAILED" });
        }
        if (mailerHangs) {
          mailerHangs = false;
          hangingMails += 1;
          return new Promise(() => {});
        }
        count("mails");
        return env.MAILER.send(mail);
      },
    };
    const fault = (kind) => kind === "panic" && queuePanics && !(queuePanics = false);
    const exchange = new Proxy(env.EXCHANGE, { get: d1([], fault, () => {}) });
    const slow = async () => deletionsAreSlow && scheduler.wait(60_000);
    const get = (target, name) => async (...values) => {
      if (name === "delete") await slow();
      return kv([], () => {})(target, name)(...values);
    };
    const codes = new Proxy(env.PENDING_CODES, { get });
    count("deliveries", batch.messages.length);
    return new Worker(ctx, { ...env, MAILER: mailer, EXCHANGE: exchange, PENDING_CODES: codes }).queue(batch);
  },
  async fetch(request, env, ctx) {
    if (env.TEST_SPEED_UP) speedUpTimers(env.TEST_SPEED_UP);
    if (!new URL(request.url).pathname.startsWith("/test/")) return observed(request, env, ctx);
    return (await state(request, env)) ?? control(request, env, ctx);
  },
};

/** Controls the observer. */
async function control(request, env, ctx) {
  const { pathname, searchParams } = new URL(request.url);
  switch (pathname) {
    case "/test/operations":
      return Response.json(operations.get(searchParams.get("of")) ?? []);
    case "/test/release":
      released.add(searchParams.get("of"));
      return new Response();
    case "/test/points":
      return Response.json(points);
    case "/test/totals":
      return Response.json(totals);
    case "/test/statements": {
      const taken = executed ?? [];
      executed = [];
      return Response.json(taken);
    }
    case "/test/arrivals": {
      const arrived = arrivals.get(searchParams.get("from")) ?? [];
      arrivals.delete(searchParams.get("from"));
      return Response.json(arrived);
    }
    case "/test/posts":
      return Response.json(posts.get(searchParams.get("from")) ?? 0);
    case "/test/mailer-fails":
      mailerFailures = await request.json();
      return new Response();
    case "/test/slow-deletions":
      deletionsAreSlow = true;
      return new Response();
    case "/test/mailer-hangs":
      mailerHangs = true;
      return new Response();
    case "/test/hanging-mails":
      return Response.json(hangingMails);
    case "/test/queue-panics":
      queuePanics = true;
      return new Response();
    case "/test/scheduled": {
      const exchange = new Proxy(env.EXCHANGE, { get: d1([], () => {}, () => {}) });
      const worker = new Worker(ctx, { ...env, EXCHANGE: exchange });
      await worker.scheduled({ cron: "17 3 * * *", scheduledTime: Date.now() });
      return new Response();
    }
    default:
      return new Response(null, { status: 404 });
  }
}

/** Speeds up every timer that is set from now on. */
let speedUpTimers = (times) => {
  speedUpTimers = () => {};
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (run, milliseconds) => setTimeout(run, milliseconds / times);
};

/** Passes a request to the Worker, and watches what the Worker does. */
async function observed(request, env, ctx) {
  const origin = request.headers.get("Origin");
  if (origin !== null) {
    const arrival = { method: request.method, headers: Object.fromEntries(request.headers) };
    arrivals.set(origin, [...(arrivals.get(origin) ?? []), arrival]);
  }
  if (request.method === "POST") {
    const address = request.headers.get("CF-Connecting-IP");
    posts.set(address, (posts.get(address) ?? 0) + 1);
  }
  count("requests");
  const done = [];
  const name = request.headers.get("Test-Name");
  operations.set(name, done);
  const faults = (request.headers.get("Test-Fault") ?? "").split(",");
  const fault = (kind) => (faults[0]?.startsWith(kind) ? faults.shift() : undefined);

  const gathers = request.headers.has("Test-Gather");
  const [gathering, size] = (request.headers.get("Test-Gather") ?? "").split(":");
  const gather = async (place) => {
    const key = gathering + place;
    gathered.set(key, (gathered.get(key) ?? 0) + 1);
    while (gathered.get(key) < size) await scheduler.wait(1);
  };

  const watched = {
    ...env,
    PENDING_CODES: new Proxy(env.PENDING_CODES, { get: kv(done, fault, name) }),
    EXCHANGE: new Proxy(env.EXCHANGE, { get: d1(done, fault, gather) }),
    CALL_LIMIT: new Proxy(env.CALL_LIMIT, { get: limit(fault) }),
    CODE_LIMIT: new Proxy(env.CODE_LIMIT, { get: limit(fault, gathers) }),
    MAIL_QUEUE: new Proxy(env.MAIL_QUEUE, { get: queue(done, fault) }),
    CALLS: env.CALLS && {
      writeDataPoint: (point) => {
        points.push(point);
        return env.CALLS.writeDataPoint(point);
      },
    },
  };
  const original = await new Worker(ctx, watched).fetch(request);
  if (original.webSocket) return original;
  const response = new Response(original.body, original);
  response.headers.set("Test-Operations", done.join(","));
  response.headers.set("Test-Rows-Read", done.rowsRead ?? 0);
  return response;
}

const limit = (fault, isLifted = false) => (target, name) => {
  if (name === "constructor") return target.constructor;
  return async (options) => {
    if (fault("limit")) throw new Error("the rate limiter is down");
    return isLifted ? { success: true } : target.limit(options);
  };
};

const kv = (done, fault, request) => (target, name) => async (...values) => {
  done.push(`kv.${name}`);
  count(`kv.${name}`);
  switch (fault("kv")) {
    case "kv:fail":
      throw new Error("KV is down");
    case "kv:wait":
      while (!released.has(request)) await scheduler.wait(10);
  }
  return target[name](...values);
};

const queue = (done, fault) => (target, name) => {
  // worker-rs looks at the constructor to find out whether there is such a binding.
  if (name === "constructor") return fault("queue:missing") ? Object : target.constructor;
  return async (...values) => {
    done.push(`queue.${name}`);
    if (fault("queue")) throw new Error("the queue is down");
    if (name === "sendBatch") count("messages", values[0].length);
    return target[name](...values);
  };
};

const d1 = (done, fault, gather) => (target, name) => {
  if (name === "constructor") return target.constructor;
  if (name === "prepare")
    return (sql) => {
      // worker-rs assumes that prepare never throws, and panics if it does.
      if (fault("panic")) throw new Error("D1 can't prepare");
      return target.prepare(sql);
    };
  return async (statements) => {
    done.push(`d1.${name}`);
    await gather(" before D1");
    switch (fault("d1")) {
      case "d1:before":
        throw new Error("D1_ERROR: Network connection lost.");
      case "d1:after":
        await target.batch(statements);
        throw new Error("D1_ERROR: Network connection lost.");
      case "d1:hang":
        await scheduler.wait(10_000);
        break;
      case "d1:slow":
        await scheduler.wait(500);
        break;
      case "d1:racy":
        return racy(target, statements, gather);
      case "d1:torn":
        await target.batch(statements.slice(0, 2));
        throw new Error("D1_ERROR: Network connection lost.");
      case "d1:overloaded":
        return atLimit(() => target.batch(statements));
    }
    const results = await target[name](statements);
    if (results.some((result) => result.meta.changed_db)) done.push("d1.write");
    executed?.push(...results.map(({ meta }, at) => ({ sql: statements[at].statement, ...meta })));
    for (const { meta } of results) {
      done.rowsRead = (done.rowsRead ?? 0) + meta.rows_read;
      count("rows read", meta.rows_read);
      count("rows written", meta.rows_written);
    }
    return results;
  };
};

// D1 at its limit: it runs one batch after another, each takes 100 ms, and its queue has five places
// (https://developers.cloudflare.com/d1/observability/debug-d1/ lists the error).
async function atLimit(run) {
  if (arrivedAtLimit - leftLimit >= 5) throw new Error("D1_ERROR: D1 DB is overloaded. Too many requests queued.");
  const place = arrivedAtLimit++;
  while (leftLimit < place) await scheduler.wait(1);
  try {
    await scheduler.wait(100);
    return await run();
  } finally {
    leftLimit++;
  }
}

// What a racy Worker would do: check whether the code is used, and then rely on what it saw, as all the others do. Only the
// claim has guards against other attempts: the statements after it require that this attempt holds it.
async function racy(database, [claim, ...others], gather) {
  const check = database.prepare("SELECT 1 AS used FROM redeemed_codes WHERE code_digest = ?");
  const verdict = others.at(-1);
  if (await check.bind(claim.params[0]).first()) return database.batch([verdict]);
  await gather(" after the check");
  const unguarded = claim.statement
    .replace(/users\.codes_valid_from <= (\?\d)/, "$1 = $1")
    .replace("DO NOTHING", "DO UPDATE SET attempt_id = excluded.attempt_id");
  return database.batch([database.prepare(unguarded).bind(...claim.params), ...others]);
}
