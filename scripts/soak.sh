#!/usr/bin/env bash
# Loads the whole service while the broker, the service and the simulator are killed at random, for MINUTES (default 3),
# and prints a ledger; fails on any loss and any duplicate. SEED repeats a run's schedule and commands. Logs, the store
# and the provider's journal of each round stay in .local/soak.
#
# Variants, which can be combined:
#   RATE=50/s     the service runs with this SEND_RATE; half as many commands a second are published, so that all of them
#                 are sent in time
#   ANONYMOUS=1   a third of the commands has no id; the provider's messages are assigned to them by their text
#   PROXY=1       the service reaches the broker through a proxy, which now and then loses all that goes in one
#                 direction of one connection for some seconds, and then closes it
#   CLOCK=1       the service's wall clock is 31 days ahead for up to a minute of each round; needs a C compiler (Swift's
#                 own is one), and Linux
#   DISK=1        the disk of the service's store is full now and then for some seconds; needs root, to mount a tmpfs
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

minutes=${MINUTES:-3}
seed=${SEED:-$RANDOM}
[[ $minutes =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "MINUTES has to be a number: $minutes"
[[ $seed =~ ^[0-9]{1,18}$ ]] || die "SEED has to be a whole number: $seed"

# How the run is repeated, variants included.
again="MINUTES=$minutes SEED=$seed"
for variant in ANONYMOUS PROXY CLOCK DISK; do
    case ${!variant:-} in
        "" | 0) declare "$variant=" ;;
        1) again+=" $variant=1" ;;
        *) die "$variant has to be 1, or unset: ${!variant}" ;;
    esac
done
if [[ -n ${RATE:-} ]]; then
    [[ $RATE =~ ^[1-9][0-9]{1,3}/s$ ]] || die "RATE has to be from 10/s to 9999/s: $RATE"
    again+=" RATE=$RATE"
fi

export SOAK_MINUTES=$minutes SOAK_SEED=$seed SOAK_LOGS=$PWD/.local/soak
export SOAK_RATE=${RATE:-} SOAK_ANONYMOUS=$ANONYMOUS SOAK_PROXY=$PROXY SOAK_CLOCK="" SOAK_DISK=""
rm -rf "$SOAK_LOGS"
mkdir -p "$SOAK_LOGS"

if [[ -n $CLOCK ]]; then
    [[ $(uname -s) == Linux ]] || die "CLOCK=1 needs Linux: a library is preloaded into the service"
    compiler=$(command -v clang || command -v cc) || die "CLOCK=1 needs clang or cc, for a small library"
    SOAK_CLOCK=$SOAK_LOGS/wall-clock.so
    "$compiler" -std=c11 -O2 -shared -fPIC -o "$SOAK_CLOCK" scripts/wall-clock.c
fi

# Each round of three minutes needs up to four more to come to rest.
export TEST_LIMIT=${TEST_LIMIT:-$((10#${minutes%.*} * 3 + 15))m} FILTER='EndToEndTests\.SoakTests/'
summary="soak for $minutes minutes; $again make soak repeats it"
if [[ -z $DISK ]]; then
    say "$summary"
    exec scripts/test.sh
fi

((EUID == 0)) || die "DISK=1 needs root: the store gets a small file system of its own, and only root may mount one"
SOAK_DISK=$SOAK_LOGS/disk
mkdir "$SOAK_DISK"
# In a mount namespace of the run's own: no other process sees the file system, and it ends with the run, however that
# ends.
in_namespace='mount -t tmpfs -o size=256m,mode=700 tmpfs "$SOAK_DISK" && exec scripts/test.sh'
unshare --mount true 2>/dev/null || die "DISK=1 needs the right to mount (CAP_SYS_ADMIN), which this container has not"
say "$summary"
exec unshare --mount bash -c "$in_namespace"
