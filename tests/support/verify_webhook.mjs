// Verifies an event, {secret, headers, body} in JSON on the standard input, with the reference implementation of the Standard
// Webhooks specification. The exit code is 0 if it is authentic.

import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const { secret, headers, body } = JSON.parse(readFileSync(0, "utf8"));
try {
  new Webhook(secret).verify(body, headers);
} catch (error) {
  if (error.constructor.name !== "WebhookVerificationError") throw error;
  process.exit(1);
}
