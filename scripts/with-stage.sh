#!/usr/bin/env bash
# Starts a private broker, a simulated provider and the service, runs a command against them, and stops them; exits as
# the command does. What the examples and the pages' command lines are tried on.
#
#   scripts/with-stage.sh scripts/examples.sh
#
# The command finds in its environment, besides the service's own settings (AMQP_URL, PORT …): API_URL and API_KEY of the
# HTTP API, SIMULATOR_URL, and `sms-bridge` on its PATH. Logs and the store stay in .local/stage.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh
logs=$PWD/.local/stage
source scripts/stage.sh

(($# > 0)) || die "a command is missing: scripts/with-stage.sh COMMAND..."

cleanup() {
    local code=$?
    set +e
    trap '' INT TERM HUP
    say "stopping what was started"
    stop_stage
    ! $broker_is_ours || scripts/rabbitmq.sh wipe >"$logs/rabbitmq-wipe.log" 2>&1 || cat "$logs/rabbitmq-wipe.log" >&2
    exit "$code"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

mkdir -p "$logs/bin"
exec 9>"$logs/lock"
flock --nonblock 9 || die "it is already running in this directory"
# A node without users, queues and records of an earlier run; what a run that was killed has left goes first.
export SMS_BRIDGE_RABBIT_DIR=$logs/rabbitmq
[[ ! -d $SMS_BRIDGE_RABBIT_DIR ]] || scripts/rabbitmq.sh wipe >&2
rm -f "$logs/sms-bridge.db"*
key=$(openssl rand -hex 24)
# Not the pace of sending is what is tried.
start_stage "API_KEYS=$key" API_RATE_LIMIT=0
ln -sf "$bridge" "$logs/bin/sms-bridge"
export API_KEY=$key API_URL=http://127.0.0.1:$service_port SIMULATOR_URL=http://127.0.0.1:$simulator_port
export PATH=$logs/bin:$PATH
code=0
"$@" 9>&- || code=$?
# The reason may be in the service's log.
if ((code != 0)); then
    tail -n 25 "$logs/service.log" >&2
    die "'$*' ended with $code; the logs are in ${logs#"$PWD/"}"
fi
