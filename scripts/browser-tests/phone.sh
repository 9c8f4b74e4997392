#!/usr/bin/env bash
# Runs the browser tests of the simulator's page against a simulator of its own.
#
#   phone.sh [PROGRAM [OPTION…]]     PROGRAM, default .build/debug/sms-bridge; options are those of phone.py
set -euo pipefail
cd "$(dirname "$0")/../.."
source scripts/lib.sh

bridge=$PWD/${1:-.build/debug/sms-bridge}
[[ ${1:-} != /* ]] || bridge=$1
shift || true
[[ -x $bridge ]] || die "there is no $bridge: run swift build"

listen=$(free_port 4300)
port=$(free_port $((listen + 1)))
directory=$(mktemp -d)
simulator=""
cleanup() {
    [[ -z $simulator ]] || stop_process "$simulator" 5
    rm -rf "$directory"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# No setting of the user's own: the simulator takes every key.
env -i -C "$directory" PATH="$PATH" "$bridge" simulate --port "$port" --webhooks "http://127.0.0.1:$listen" \
    --webhook-retry 1s >"$directory/log" 2>&1 &
simulator=$!
answers() { curl -fsS --max-time 2 "http://127.0.0.1:$port/simulator/faults"; }
wait_until 30 answers || die "the simulator does not answer: $(cat "$directory/log")"
python3 scripts/browser-tests/phone.py --simulator "http://127.0.0.1:$port" --listen "$listen" "$@"
