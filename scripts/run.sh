#!/usr/bin/env bash
# Shows the whole service at work on this machine: a private RabbitMQ node, a simulated provider, the service, and one
# message through all of it. Stays up until Ctrl-C, or, with ONCE=1, ends after the round trip (0 when it worked).
# With AMQP_URL set that broker is used, and none is started. Everything is kept in .local/.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

bridge=$PWD/.build/debug/sms-bridge
logs=$PWD/.local/run
handset=14155550123

broker_is_ours=false
service="" simulator="" watcher=""
is_up=false

# What serves the others is stopped after them: the service drains into a broker that still runs.
cleanup() {
    local code=$?
    set +e
    trap '' INT TERM HUP
    if [[ -n $service$simulator$watcher ]] || $broker_is_ours; then say "stopping what was started"; fi
    [[ -z $service ]] || stop_process "$service" 30
    [[ -z $watcher ]] || stop_process "$watcher" 5
    [[ -z $simulator ]] || stop_process "$simulator" 5
    if $broker_is_ours; then
        scripts/rabbitmq.sh stop >"$logs/rabbitmq-stop.log" 2>&1 || cat "$logs/rabbitmq-stop.log" >&2
    fi
    exit "$code"
}

# Ends the script, with 0 when it was up and the signal is its regular end. A closed terminal sends the signal twice, and
# the second one must not cut the cleaning up short.
on_signal() {
    trap '' INT TERM HUP
    if $is_up; then exit 0; fi
    exit "$1"
}
trap cleanup EXIT
trap 'on_signal 129' HUP
trap 'on_signal 130' INT
trap 'on_signal 143' TERM

# Shows the end of the logs, and gives up.
give_up() {
    local file
    for file in "$logs"/*.log; do
        [[ -s $file ]] || continue
        printf -- '--- the end of %s\n' "$file" >&2
        tail -n 25 "$file" >&2
    done
    die "$*"
}

# The settings of the demonstration: made-up credentials that the simulator and the service share, and a key of the API;
# new ones each time, in a file that its owner alone may read.
write_environment() {
    local api_key api_secret signature_secret
    api_key=$(openssl rand -hex 4)
    api_secret=$(openssl rand -hex 8)
    signature_secret=$(openssl rand -hex 32)
    http_key=$(openssl rand -hex 24)
    rm -f "$logs/env"
    (umask 077 && : >"$logs/env")
    cat >>"$logs/env" <<EOF
export AMQP_URL='$AMQP_URL'
export VONAGE_API_KEY=$api_key
export VONAGE_API_SECRET=$api_secret
export VONAGE_SIGNATURE_SECRET=$signature_secret
export VONAGE_NUMBER=14155550100
export VONAGE_API_URL=http://127.0.0.1:$simulator_port
export HTTP_HOST=127.0.0.1
export PORT=$service_port
export API_KEYS=$http_key
export STORE_URL=sqlite:$logs/sms-bridge.db
export LOG_FORMAT=json
EOF
    # Other credentials that the user's environment may hold must not get into the demonstration.
    unset "${!VONAGE_@}" "${!WEBHOOK_@}" "${!API_@}" SMS_BRIDGE_CONFIG HTTP_PORT AMQP_URL_FILE
    source "$logs/env"
}

# Starts the program with the arguments $2... in a session of its own, where the terminal's Ctrl-C does not reach it:
# cleanup stops it, in order. Its directory is that of the logs, so that the user's own .env is not read.
start() {
    local log=$1
    shift
    env -C "$logs" setsid "$bridge" "$@" >"$logs/$log.log" 2>&1 </dev/null 9>&- &
    started=$!
}

simulator_answers() { curl -fsS --max-time 2 "http://127.0.0.1:$simulator_port/simulator/messages"; }
service_is_ready() { is_gone "$service" || curl -fsS --max-time 2 "http://127.0.0.1:$service_port/health/ready"; }
watcher_listens() { grep -q listening "$logs/watcher.log"; }
event_came() { grep -q "\"type\":\"$1\"" "$logs/events"; }

# Waits for an event of a type.
expect_event() {
    wait_until 30 event_came "$1" || give_up "no $1 event came within 30 seconds"
}

# Prints the events as they come, and keeps them in a file as well.
watch_events() {
    : >"$logs/events"
    env -C "$logs" setsid "$bridge" tail --json > >(tee "$logs/events") 2>"$logs/watcher.log" </dev/null 9>&- &
    watcher=$!
    wait_until 15 watcher_listens || give_up "the events could not be subscribed to"
}

round_trip() {
    say "sending one message through the queue"
    timeout --foreground 60 env -C "$logs" "$bridge" send --to "+$handset" --text "Hello from sms-bridge" --json \
        >"$logs/send.log" || give_up "the message was not accepted"
    expect_event sms.outbound.accepted
    expect_event sms.status.delivered
    say "a handset answers"
    curl -fsS --max-time 5 -H 'Content-Type: application/json' "http://127.0.0.1:$simulator_port/simulator/inbound" \
        -d "{\"from\":\"$handset\",\"to\":\"$VONAGE_NUMBER\",\"text\":\"Hello back\"}" >/dev/null ||
        give_up "the simulator did not take the message"
    expect_event sms.inbound.message
}

tell_what_next() {
    cat >&2 <<EOF

Everything is up. In another terminal, in this directory:

  source .local/run/env
  .build/debug/sms-bridge send --to +$handset --text 'Your code is 4711'
  echo '{"to":"+$handset","text":"From any AMQP client"}' |
    amqp-publish --url="\$AMQP_URL" --exchange=sms.commands --routing-key=send --persistent --content-type=application/json

Over HTTP (docs/send-api.md):

  curl http://127.0.0.1:$service_port/send-sms -H 'Authorization: Bearer $http_key' \\
    -H 'Content-Type: application/json' -d '{"to":"+$handset","message":"From any HTTP client"}'
  curl http://127.0.0.1:$service_port/opt-outs -H 'Authorization: Bearer $http_key'
  curl http://127.0.0.1:$service_port/health/ready

The simulated provider:

  curl http://127.0.0.1:$simulator_port/simulator/messages
  curl -X PUT http://127.0.0.1:$simulator_port/simulator/faults -d '[{"times":2,"fault":"status","status":503}]'
  curl http://127.0.0.1:$simulator_port/simulator/inbound -d '{"from":"$handset","to":"14155550100","text":"STOP"}'

Logs are in .local/run. Ctrl-C stops everything.
EOF
}

# Waits until a process ends by itself. A terminal that is closed may tell make only, which then waits for this script,
# so that is looked at too.
stay_up() {
    local had_terminal=false
    if [[ -t 2 ]]; then had_terminal=true; fi
    until is_gone "$service" || is_gone "$simulator"; do
        if $had_terminal && [[ ! -t 2 ]]; then exit 0; fi
        sleep 1
    done
}

mkdir -p "$logs"
exec 9>"$logs/lock"
flock --nonblock 9 || die "make run is already running in this directory"

if [[ -n ${AMQP_URL:-} ]]; then scripts/setup.sh --no-broker; else scripts/setup.sh; fi

say "building (the first time takes some minutes)"
swift build --product sms-bridge >&2

rm -f "$logs"/*.log "$logs/events"
if [[ -n ${AMQP_URL:-} ]]; then
    say "using the broker that AMQP_URL names"
else
    say "starting a private RabbitMQ node"
    broker_is_ours=true
    start_broker >"$logs/rabbitmq.log" 2>&1 9>&- || give_up "RabbitMQ did not start"
    eval "$(scripts/rabbitmq.sh env)"
fi

simulator_port=$(free_port 4000)
service_port=$(free_port 3000)
write_environment

say "starting the simulated provider on port $simulator_port"
start simulator simulate --port "$simulator_port" --webhooks "http://127.0.0.1:$service_port"
simulator=$started
wait_until 20 simulator_answers || give_up "the simulator does not answer"

say "starting the service on port $service_port"
start service serve
service=$started
wait_until 60 service_is_ready || give_up "the service is not ready"
is_gone "$service" && give_up "the service ended"

watch_events
round_trip

[[ -z ${ONCE:-} ]] || exit 0
tell_what_next
is_up=true
stay_up
is_up=false
give_up "a process ended by itself"
