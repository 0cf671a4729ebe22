#!/usr/bin/env bash
# Creates two users in the local database: "demo" for the pages, and "demo2", for whom it issues a code and prints a call that
# redeems it. There are two because an e-mail to a user voids that user's older codes.
#
# `make dev` runs this before it starts the Worker. It needs `make build` and the local migrations.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/node_modules/.bin:$PATH"
export WRANGLER_LOG=warn

readonly origin=http://127.0.0.1:8787
readonly user_id=2 user_name=demo2
readonly lifetime_seconds=3600

# An earlier run may have created the users already.
wrangler d1 execute EXCHANGE --local --command "
  INSERT OR IGNORE INTO users (user_id, user_name, email) VALUES
    ('1', 'demo', 'demo@example.com'), ('$user_id', '$user_name', 'demo2@example.com');
  INSERT OR IGNORE INTO user_permissions (user_id, permission) VALUES ('1', 'Trading'), ('$user_id', 'Trading');"

# The same steps as in docs/issuing-codes.md. The code itself is not stored: the key contains its SHA-256.
cut_off=$(WRANGLER_LOG=log wrangler d1 execute EXCHANGE --local --json --command "
  SELECT codes_valid_from FROM users WHERE user_id = '$user_id'" | sed -n 's/.*"codes_valid_from": \([0-9]*\).*/\1/p')
issued=$(cargo run --quiet --package exchange --bin issue_code -- "$user_id" "$user_name" "$lifetime_seconds" "$cut_off")
{ read -r code; read -r key; read -r value; } <<< "$issued"
wrangler kv key put "$key" "$value" --ttl "$lifetime_seconds" --binding PENDING_CODES --local

cat << EOF

The Worker is about to start. Try it in a browser: open $origin/forgotPassword, enter the user name
"demo", and open the link in the e-mail. The log below shows the path of a file with its text. README.md has the rest.

Or make the call yourself. This changes the password of the user "$user_name", once, within the next hour:

curl $origin/AP/ResetPassword2 -d '{"UserId": $user_id, "Password": "correct horse battery", "PendingCode": "$code"}'

EOF
