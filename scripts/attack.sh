#!/usr/bin/env bash
# Attacks the service here, with a private broker and a simulated provider: malformed HTTP for MINUTES (default 10), then
# slow clients for a fifth of that, then schemathesis against the contract for a third of that, a minute at least. Fails on
# a finding of any of them; each is described at the head of its script in scripts/attack. SEED repeats a run's requests.
# Logs and the store stay in .local/attack.
#
#   MINUTES=1 SEED=7 make attack
#   ONLY="malformed slow" make attack      a part; contract is the third, and installs schemathesis by pip
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh
logs=$PWD/.local/attack
source scripts/stage.sh

minutes=${MINUTES:-10}
seed=${SEED:-$RANDOM}
[[ $minutes =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "MINUTES has to be a number: $minutes"
[[ $seed =~ ^[0-9]{1,9}$ ]] || die "SEED has to be a whole number: $seed"
read -ra parts <<<"${ONLY:-malformed slow contract}"
for part in "${parts[@]}"; do
    [[ $part =~ ^(malformed|slow|contract)$ ]] || die "ONLY takes malformed, slow and contract: $part"
done
command -v python3 >/dev/null || die "python3 is missing; on Debian: apt install python3"

cleanup() {
    local code=$?
    set +e
    trap '' INT TERM HUP
    say "stopping what was started"
    stop_stage
    exit "$code"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# A share of the minutes in whole seconds, at least $2.
seconds() {
    awk -v minutes="$minutes" -v share="$1" -v least="$2" \
        'BEGIN { s = int(minutes * 60 * share); print s < least ? least : s }'
}

malformed() {
    scripts/attack/malformed.py --port "$service_port" --pid "$service" --key-file "$logs/key" \
        --seconds "$(seconds 1 1)" --seed "$seed"
}

slow() { scripts/attack/slow.py --port "$service_port" --pid "$service" --seconds "$(seconds 0.2 20)"; }

contract() {
    KEY_FILE=$logs/key SEED=$seed SECONDS_LIMIT=$(seconds 0.33 60) \
        scripts/attack/contract.sh "http://127.0.0.1:$service_port"
}

# Of the service, which inherits it, and of the slow clients.
ulimit -n 4096 2>/dev/null || die "4,096 files have to be allowed to be open (ulimit -n)"
mkdir -p "$logs"
rm -f "$logs/sms-bridge.db"*
(umask 077 && openssl rand -hex 24 >"$logs/key")
# The pace of sending is not what is attacked.
start_stage "API_KEYS_FILE=$logs/key" API_RATE_LIMIT=0

say "attacking for about $minutes minutes; MINUTES=$minutes SEED=$seed make attack repeats it"
failed=()
for part in "${parts[@]}"; do
    say "$part"
    "$part" || failed+=("$part")
    is_gone "$service" && give_up "the service ended"
done
((${#failed[@]} == 0)) || die "findings of: ${failed[*]} (see above); the service's log is $logs/service.log"
say "no findings"
