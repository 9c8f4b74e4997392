#!/usr/bin/env bash
# Builds the image, starts it with compose beside RabbitMQ and the simulator, and checks the running containers against
# what docs/deployment.md promises. Needs docker with compose and buildx, and curl. Everything it starts is removed
# again.
#
#   docker/test.sh                                               RabbitMQ 4
#   RABBITMQ_IMAGE=rabbitmq:3.10.8-management docker/test.sh       another one
#   TLS=1 docker/test.sh                                         amqps with client certificates
#   SMS_BRIDGE_IMAGE=sms-bridge:dev BUILD=0 docker/test.sh       an image that is there
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

export SMS_BRIDGE_IMAGE=${SMS_BRIDGE_IMAGE:-sms-bridge:dev}
project=sms-bridge-test-$$
environment=$(mktemp)
secrets=$(mktemp -d)
events=$(mktemp)
files=(-f docker/compose.yaml)
[[ -z ${TLS:-} ]] || files+=(-f docker/compose.tls.yaml)
files+=(-f docker/compose.test.yaml)

compose() { docker compose -p "$project" --env-file "$environment" "${files[@]}" "$@"; }
bridge() { compose exec -T sms-bridge sms-bridge "$@" </dev/null; }
container() { compose ps --all --quiet "$1"; }
state() { docker inspect -f "$2" "$(container "$1")"; }

cleanup() {
    local code=$?
    set +e
    ((code == 0)) || compose logs --no-color --tail 25 >&2
    compose down --volumes --timeout 40 >&2
    rm -rf "$environment" "$events" "$secrets"
    exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

# The key comes by standard input, for every user of the machine can read command lines.
api() {
    curl -fsS --max-time 10 -H @- "http://$(compose port sms-bridge 3000)$1" <<<"Authorization: Bearer $api_key"
}
simulator() { curl -fsS --max-time 10 "http://$(compose port simulator 4000)/simulator/$1" "${@:2}"; }
is_healthy() { [[ $(state "$1" '{{with .State.Health}}{{.Status}}{{end}}') == healthy ]]; }
is_delivered() { api "/messages/$1" | grep -q '"status":"delivered"'; }
is_simulating() { simulator messages; }
has_event() { grep -q "\"type\":\"$1\"" "$events"; }
listens() { grep -q listening "$events"; }
dead_letters() { bridge dead list --json 2>/dev/null | grep -c '"code"' || true; }
messages_sent() { simulator messages | grep -o '"received_at"' | wc -l; }

[[ -z ${TLS:-} ]] || docker/tls/make-certificates.sh
SECRETS_DIR=$secrets docker/make-secrets.sh simulator
cat >"$environment" <<EOF
SECRETS_DIR=$secrets
VONAGE_API_SECRET_FILE=$secrets/vonage_api_secret
VONAGE_SIGNATURE_SECRET_FILE=$secrets/vonage_signature_secret
EOF
api_key=$(<"$secrets/api_keys")

if [[ ${BUILD:-1} != 0 ]]; then
    say "building the image (the first time takes some minutes)"
    version=$(scripts/version.sh)
    docker build -q -f docker/Dockerfile -t "$SMS_BRIDGE_IMAGE" --build-arg VERSION="$version" . >&2
    [[ $(docker run --rm "$SMS_BRIDGE_IMAGE" --version) == "$version" ]] || die "the image does not report its version"
fi

say "starting"
began=$SECONDS
compose up -d --no-build >&2
wait_until 120 is_healthy sms-bridge || die "not healthy within two minutes"
wait_until 30 is_simulating || die "the simulator does not answer"
say "healthy after $((SECONDS - began)) s, on RabbitMQ $(compose exec -T rabbitmq rabbitmqctl -q version)"
[[ $(state sms-bridge '{{.Config.User}}') == 10001:10001 ]] || die "it does not run as user 10001"
bridge check >&2 || die "sms-bridge check found something"

say "no container shows a secret, or has a right too many"
for service in rabbitmq sms-bridge simulator; do
    inspected=$(docker inspect "$(container "$service")")
    for file in "$secrets"/*; do
        ! grep -qF "$(<"$file")" <<<"$inspected" || die "docker inspect shows ${file##*/} of $service"
    done
    [[ $(state "$service" '{{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}') == "[ALL] "*no-new-privileges* ]] ||
        die "$service has rights that it does not need"
    limits=$(state "$service" '{{json .HostConfig.Memory}} {{json .HostConfig.NanoCpus}} {{json .HostConfig.PidsLimit}}')
    [[ $limits =~ ^[1-9][0-9]*\ [1-9][0-9]*\ [1-9][0-9]*$ ]] || die "$service has no limits: $limits"
done

say "a message goes round"
bridge tail --json >"$events" 2>&1 &
wait_until 15 listens || die "the events could not be subscribed to"
bridge send --to +14155550123 --text "Your parcel is here" --id round-trip >&2 || die "not accepted"
wait_until 15 is_delivered round-trip || die "no receipt came"
simulator inbound -d '{"from": "14155550123", "to": "14155550100", "text": "Thanks"}' >/dev/null
for type in sms.outbound.accepted sms.status.delivered sms.inbound.message; do
    wait_until 15 has_event "$type" || die "no event $type came"
done

say "an account without money for some seconds costs no command"
simulator faults -X PUT -d '[{"fault": "status", "status": 402, "times": 3}]' >/dev/null
bridge send --to +14155550123 --text "Patience" --id patience --wait 60 >&2 || die "lost by 402"

say "forty looks at the dead letters leave them there"
bridge send --to 1 --text "No such number" --id bad >&2 && die "that was to be invalid"
for ((look = 0; look < 40; look++)); do bridge dead list >/dev/null 2>&1 || die "look $look failed"; done
[[ $(dead_letters) == 1 ]] || die "the dead letter is gone"

say "a backup while it runs, and unrouted events"
bridge backup /data/backup.db >&2 || die "no backup"
! bridge backup /data/backup.db >&2 || die "a backup was overwritten"
bridge unrouted list >&2 || die "the unrouted events cannot be listed"

say "SIGTERM drains"
simulator messages -X DELETE >/dev/null
simulator faults -X PUT -d '[{"fault": "slow", "latency_ms": 4000, "times": 1}]' >/dev/null
bridge send --to +14155550123 --text "On the way" --id on-the-way --no-wait >&2
sleep 1
began=$SECONDS
compose stop sms-bridge >&2
[[ $(state sms-bridge '{{.State.ExitCode}} {{.State.OOMKilled}}') == "0 false" ]] || die "it did not end with 0"
say "stopped after $((SECONDS - began)) s"
changes=$(docker diff "$(container sms-bridge)" | grep -vE '^[AC] /run(/secrets(/[a-z_]+)?)?$' || true)
[[ -z $changes ]] || die "the container's file system was changed: $changes"

say "a restart keeps the records"
compose up -d --no-build >&2
wait_until 60 is_healthy sms-bridge || die "not healthy after the restart"
wait_until 30 is_delivered on-the-way || die "what was under way is lost"
api /messages/round-trip | grep -q '"state":"accepted"' || die "the record is gone"
[[ $(messages_sent) == 1 ]] || die "sent more than once"
[[ $(dead_letters) == 1 ]] || die "the dead letter is gone"

say "all is as it should be"
