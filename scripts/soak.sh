#!/usr/bin/env bash
# Loads the whole service while the broker, the service and the simulator die at random, for MINUTES (default 3), and
# prints a ledger; fails on any loss and any duplicate. SEED repeats a run's schedule and commands. Logs, the store and the
# provider's journal of each round stay in .local/soak.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

minutes=${MINUTES:-3}
seed=${SEED:-$RANDOM}
[[ $minutes =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "MINUTES has to be a number: $minutes"
[[ $seed =~ ^[0-9]{1,18}$ ]] || die "SEED has to be a whole number: $seed"

export SOAK_MINUTES=$minutes SOAK_SEED=$seed SOAK_LOGS=$PWD/.local/soak
rm -rf "$SOAK_LOGS"
mkdir -p "$SOAK_LOGS"
say "soak for $minutes minutes; MINUTES=$minutes SEED=$seed make soak repeats it"
# Each round of three minutes needs up to four more to come to rest.
TEST_LIMIT=${TEST_LIMIT:-$((10#${minutes%.*} * 3 + 15))m} FILTER='EndToEndTests\.SoakTests/' exec scripts/test.sh
