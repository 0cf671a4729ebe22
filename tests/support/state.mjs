// Routes through which tests fill and read the Worker's KV and D1.

/** The response to one of these routes; undefined for any other request. */
export async function state(request, env) {
  switch (new URL(request.url).pathname) {
    case "/test/sql":
      return Response.json(await env.EXCHANGE.batch((await request.json()).map((sql) => env.EXCHANGE.prepare(sql))));
    case "/test/kv":
      for (const [key, value] of Object.entries(await request.json())) await env.PENDING_CODES.put(key, value);
      return new Response();
    case "/test/kv/keys":
      return Response.json((await env.PENDING_CODES.list()).keys.map((key) => key.name));
    case "/test/kv/values": {
      const { keys } = await env.PENDING_CODES.list();
      const values = await Promise.all(keys.map(({ name }) => env.PENDING_CODES.get(name)));
      return Response.json(values.filter((value) => value !== null));
    }
  }
}
