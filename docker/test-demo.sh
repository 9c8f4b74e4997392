#!/usr/bin/env bash
# Starts docker/compose.demo.yaml as a new user would, follows what its container `welcome` prints, and removes everything
# again. Needs docker with compose, curl, and the image that SMS_BRIDGE_IMAGE names (sms-bridge:dev), which it does not build.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

# Ports that the system picks.
export AMQP_PUBLISH=127.0.0.1: MANAGEMENT_PUBLISH=127.0.0.1: SIMULATOR_PUBLISH=127.0.0.1: HTTP_PUBLISH=127.0.0.1:
compose() { docker compose --ansi never -p "sms-bridge-demo-test-$$" -f docker/compose.demo.yaml "$@"; }

cleanup() {
    local code=$?
    set +e
    ((code == 0)) || compose logs --no-color --tail 25 >&2
    compose down --volumes --timeout 40 >&2
    exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

# Without what compose writes for terminals even so.
welcome() { compose logs --no-color --no-log-prefix welcome | sed 's/\x1b\[[0-9;]*[A-Za-z]//g'; }
is_up() { welcome | grep -q 'Everything is up'; }
is_delivered() {
    curl -fsS --max-time 10 -H @- "http://$(compose port sms-bridge 3000)/messages/demo" <<<"Authorization: Bearer $key" |
        grep -q '"status":"delivered"'
}

began=$SECONDS
compose up -d --no-build >&2
wait_until 120 is_up || die "no welcome within two minutes"
say "up after $((SECONDS - began)) s"

for service in rabbitmq simulator sms-bridge; do
    ! docker port "$(compose ps --quiet "$service")" | grep -v ' -> 127\.0\.0\.1:' ||
        die "$service can be reached from other machines"
done

# The line that is printed, with the port that was picked.
line=$(welcome | sed -n '/curl /,/-d /p')
key=$(grep -oE 'Bearer [0-9a-f]{48}' <<<"$line" | cut -d ' ' -f 2) || die "no key is printed: $line"
line=${line/"http://127.0.0.1:/"/"http://$(compose port sms-bridge 3000)/"}
answer=$(bash -euc "${line/curl /curl -fsS -H "'Idempotency-Key: demo'" }") || die "the line that is printed fails: $line"
grep -q '"message_uuid"' <<<"$answer" || die "not sent: $answer"
wait_until 30 is_delivered || die "no receipt came"
say "a message went round $((SECONDS - began)) s after the start"

say "a second start takes the passwords of the first"
compose down --timeout 40 >&2
compose up -d --no-build >&2
wait_until 120 is_up || die "no welcome within two minutes"
welcome | grep -qF "$key" || die "another key"
is_delivered || die "the record is gone"
say "all is as it should be"
