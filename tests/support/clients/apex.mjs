// Makes calls through alphapoint-apex-api, the exchange's own client, as its front ends do:
//
//   node apex.mjs <gateway> '[["ResetPassword", {"UserName": "alice"}], …]'
//
// It makes all calls before the connection is even open, first with promises, then with callbacks. It prints what the
// promises resolve to, and then the frames that the callbacks get.

import apexApi from "alphapoint-apex-api";

const [gateway, calls] = process.argv.slice(2);
const print = console.log;
// The client uses it to say that its connection has ended.
console.log = () => {};

const apex = new apexApi.APEX(gateway);
const promises = JSON.parse(calls).map(([name, payload]) => apex[name](payload));
const callbacks = JSON.parse(calls).map(
  ([name, payload]) => new Promise((resolve) => apex.RPCCall(name, payload, resolve)),
);
print(JSON.stringify(await Promise.all([...promises, ...callbacks])));
apex.closeConnection();
