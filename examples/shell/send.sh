#!/usr/bin/env bash
# Sends one SMS over HTTP and waits for its outcome: send.sh TO TEXT [ID]
#
# For shells HTTP is the safe way: amqp-publish waits for no confirm, sets no id and drops what no queue takes. The answer
# comes when the broker has confirmed the command. API_URL names the service, API_KEY is one of API_KEYS. Needs curl, jq.
set -euo pipefail
to=${1:?send.sh TO TEXT [ID]} text=${2:?send.sh TO TEXT [ID]}
# In a script of your own the id is stored with what the message is about, so that a repeat after a crash has it too.
id=${3:-$(cat /proc/sys/kernel/random/uuid)}

body=$(jq -cn --arg to "$to" --arg message "$text" '{to: $to, message: $message}')
# The key by standard input, for every user of the machine can read command lines. After a failure curl tries again, with
# the same id: that is harmless.
answer=$(curl -sS --retry 4 --retry-connrefused --max-time 60 -H @- -H "Idempotency-Key: $id" \
    -H 'Content-Type: application/json' -w '\n%{http_code}' -d "$body" "${API_URL:-http://localhost:3000}/send-sms" \
    <<<"Authorization: Bearer ${API_KEY:?}")
status=${answer##*$'\n'}
echo "$status ${answer%$'\n'*}"
[[ $status == 2?? ]]
