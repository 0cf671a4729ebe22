// The exchange's own client, from npm, used as its front ends use it:
//
//   node apex.mjs <gateway> '[["ResetPassword", {"UserName": "alice"}], …]'
//
// makes these calls at once, before its connection is even open, and prints what came of each: what its promise gives, and
// the frame that its callback gets.

import apexApi from "alphapoint-apex-api";

const [gateway, calls] = process.argv.slice(2);
const print = console.log;
// The client says there that its connection has ended.
console.log = () => {};

const apex = new apexApi.APEX(gateway);
const promised = JSON.parse(calls).map(([name, payload]) => apex[name](payload));
const calledBack = JSON.parse(calls).map(
  ([name, payload]) => new Promise((resolve) => apex.RPCCall(name, payload, resolve)),
);
print(JSON.stringify(await Promise.all([...promised, ...calledBack])));
apex.closeConnection();
