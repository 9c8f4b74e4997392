#!/usr/bin/env bash
# Starts docker/compose.replicas.yaml with the simulator as the provider, and checks that three replicas are one service: a
# STOP holds for all, and a campaign goes out once to each recipient while a replica is killed, a RabbitMQ node is killed and
# all replicas are replaced one after the other. Needs docker with compose, curl, 6 GB of memory, and the image that
# SMS_BRIDGE_IMAGE names (sms-bridge:dev), which it does not build; UPGRADE_IMAGE=<image> is what the replicas are replaced by.
# Everything it starts is removed again; LOGS=<file> keeps what the containers have said.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

export SMS_BRIDGE_IMAGE=${SMS_BRIDGE_IMAGE:-sms-bridge:dev}
recipients=${RECIPIENTS:-1500}
project=sms-bridge-replicas-test-$$
environment=$(mktemp)
secrets=$(mktemp -d)

compose() {
    docker compose --ansi never -p "$project" --env-file "$environment" -f docker/compose.replicas.yaml \
        -f docker/compose.replicas.test.yaml "$@"
}
bridge() { compose exec -T "sms-bridge-$1" sms-bridge "${@:2}" </dev/null; }
cleanup() {
    local code=$?
    set +e
    [[ -z ${LOGS:-} ]] || compose logs --no-color >"$LOGS"
    ((code == 0)) || compose logs --no-color --tail 25 >&2
    compose down --volumes --timeout 40 >&2
    rm -rf "$environment" "$secrets"
    exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

api() {
    curl -fsS --max-time 10 -H @- "http://$(compose port balancer 3000)$1" "${@:2}" <<<"Authorization: Bearer $api_key"
}
simulator() { curl -fsS --max-time 60 "http://$(compose port simulator 4000)/simulator/$1" "${@:2}"; }
is_healthy() { [[ $(docker inspect -f '{{.State.Health.Status}}' "$(compose ps --all --quiet "$1")") == healthy ]]; }
is_simulating() { simulator messages; }
is_balanced() { api /health/ready; }
is_delivered() { api "/messages/$1" | grep -q '"status":"delivered"'; }
is_suppressed() { bridge "$1" opt-outs list 2>/dev/null | grep -q 14155550123; }
# How many recipients have an outcome.
count() { api /campaigns/spring | grep -o "\"$1\":[0-9]*" | grep -o '[0-9]*$'; }
has_accepted() { (($(count accepted) >= $1)); }
is_over() { (($(count pending) + $(count uncertain) == 0)); }

SECRETS_DIR=$secrets docker/make-secrets.sh simulator
cat >"$environment" <<EOF
SECRETS_DIR=$secrets
POSTGRES_PASSWORD=$(openssl rand -hex 24)
SEND_RATE=50/s
VONAGE_API_SECRET_FILE=$secrets/vonage_api_secret
VONAGE_SIGNATURE_SECRET_FILE=$secrets/vonage_signature_secret
EOF
api_key=$(<"$secrets/api_keys")

say "starting three nodes of RabbitMQ, PostgreSQL, three replicas and a load balancer"
began=$SECONDS
compose up -d --no-build >&2
for number in 1 2 3; do wait_until 240 is_healthy "sms-bridge-$number" || die "sms-bridge-$number is not healthy"; done
wait_until 30 is_simulating || die "the simulator does not answer"
wait_until 30 is_balanced || die "the load balancer does not answer"
nodes=$(compose exec -T rabbitmq-2 rabbitmqctl -q cluster_status --formatter json </dev/null |
    grep -o '"running_nodes":\[[^]]*\]' | grep -o 'rabbit@' | wc -l)
((nodes == 3)) || die "the cluster has $nodes running nodes"
say "healthy after $((SECONDS - began)) s, with three nodes in one cluster"

say "each replica sends, and the receipts come through the load balancer"
for number in 1 2 3; do
    bridge "$number" send --to +14155550123 --text "From $number" --id "from-$number" >&2 || die "not accepted by $number"
    wait_until 20 is_delivered "from-$number" || die "no receipt came for $number"
done

say "a STOP that one replica takes holds for all"
simulator inbound -d '{"from": "14155550123", "to": "14155550100", "text": "STOP"}' >/dev/null
for number in 1 2 3; do
    wait_until 15 is_suppressed "$number" || die "the list of $number does not have it"
    ! bridge "$number" send --to +14155550123 --text "After STOP" --id "after-$number" >&2 || die "$number sent after a STOP"
done
simulator messages -X DELETE >/dev/null

say "a campaign of $recipients, while a replica and a node are killed and all replicas are replaced"
list=$secrets/recipients.csv
{
    printf 'to\n'
    for ((index = 0; index < recipients; index++)); do printf '+1415556%04d\n' "$index"; done
} >"$list"
compose run --rm --no-deps -T -v "$list:/recipients.csv:ro" sms-bridge-1 campaign --file /recipients.csv --id spring \
    --text "Spring has come" --no-wait </dev/null >&2 || die "the campaign was not taken"
wait_until 60 has_accepted 100 || die "the campaign does not begin"
compose kill --signal KILL sms-bridge-2 >&2
compose up -d --no-build --no-deps sms-bridge-2 >&2
compose kill --signal KILL rabbitmq-1 >&2
wait_until 60 has_accepted 400 || die "the campaign stands still without rabbitmq-1"
compose up -d --no-build --no-deps rabbitmq-1 >&2
for number in 1 2 3; do
    SMS_BRIDGE_IMAGE=${UPGRADE_IMAGE:-$SMS_BRIDGE_IMAGE} compose up -d --no-build --no-deps --force-recreate \
        "sms-bridge-$number" >&2
    wait_until 90 is_healthy "sms-bridge-$number" || die "sms-bridge-$number is not healthy after its replacement"
done
wait_until $((recipients / 10 + 300)) is_over || die "not over: $(api /campaigns/spring)"
accepted=$(count accepted) failed=$(count failed)
say "$accepted accepted, $failed failed: attempts of the killed replica of which it is not known whether they arrived"
((accepted + failed == recipients && failed <= 64)) || die "$(api /campaigns/spring)"
sent=$(simulator "messages?limit=1000000")
messages=$(grep -o '"received_at"' <<<"$sent" | wc -l)
numbers=$(grep -o '"to":"1415556[0-9]*"' <<<"$sent" | sort -u | wc -l)
((messages == numbers && messages >= accepted)) || die "$messages messages to $numbers numbers, $accepted accepted"
say "all is as it should be"
