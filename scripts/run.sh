#!/usr/bin/env bash
# Shows the whole service at work on this machine: a private RabbitMQ node, a simulated provider, the service, and one
# message through all of it. Stays up until Ctrl-C, or, with ONCE=1, ends after the round trip (0 when it worked).
# With AMQP_URL set that broker is used, and none is started. Everything is kept in .local/.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

logs=$PWD/.local/run
source scripts/stage.sh

handset=14155550123
watcher=""
is_up=false

cleanup() {
    local code=$?
    set +e
    trap '' INT TERM HUP
    if [[ -n $service$simulator$watcher ]] || $broker_is_ours; then say "stopping what was started"; fi
    [[ -z $watcher ]] || stop_process "$watcher" 5
    stop_stage
    exit "$code"
}

# Ends the script, with 0 when it was up and the signal is its regular end. A closed terminal sends the signal twice, and
# the second one must not interrupt the clean-up.
on_signal() {
    trap '' INT TERM HUP
    if $is_up; then exit 0; fi
    exit "$1"
}
trap cleanup EXIT
trap 'on_signal 129' HUP
trap 'on_signal 130' INT
trap 'on_signal 143' TERM

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

show_what_next() {
    cat >&2 <<EOF

The page of the simulated provider: phones that answer, every SMS as it arrives, faults as switches

  http://127.0.0.1:$simulator_port/

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

# Waits until a process ends by itself. A terminal that is closed may signal make only, which then waits for this
# script, so that is looked at too.
stay_up() {
    local had_terminal=false
    if [[ -t 2 ]]; then had_terminal=true; fi
    until is_gone "$service" || is_gone "$simulator"; do
        if $had_terminal && [[ ! -t 2 ]]; then exit 0; fi
        sleep 1
    done
}

# A key of the API, a new one each time; in $logs/env, which its owner alone may read.
http_key=$(openssl rand -hex 24)
start_stage "API_KEYS=$http_key"
watch_events
round_trip

[[ -z ${ONCE:-} ]] || exit 0
show_what_next
is_up=true
stay_up
is_up=false
give_up "a process ended by itself"
