#!/usr/bin/env bash
# Measures, in a release build and against a RabbitMQ node of its own; the first build takes some minutes.
# ONLY="opt-outs text" runs a part. The figures are for people: nothing passes or fails, but with CHECK=1.
#
#   opt-outs store text reading broker   single pieces
#   service     sending and webhooks: messages/s, CPU, memory, and counts per message; CHECK=1 compares the counts alone
#               with scripts/bench/thresholds.json, and fails where one is exceeded
#   campaign    the fan-out of a campaign of RECIPIENTS (default 100000)
#   hour        memory under RATE (default 200) commands and receipts a second for MINUTES (default 60). Not in the default
#   flat        a store with RECORDS (default 10000000) beside an empty one; some 15 GB under TMPDIR, and a quarter of an hour.
#               Not in the default
#
# BRIDGE names a release build of sms-bridge for the last four, which then build nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

node=""
cleanup() {
    set +e
    [[ -z $node ]] && return
    scripts/rabbitmq.sh wipe >"$node.log" 2>&1 || cat "$node.log" >&2
    rm -f "$node.log"
}
trap cleanup EXIT

read -ra parts <<<"${ONLY:-opt-outs store text reading broker service campaign}"
pieces=false
whole=false
for part in "${parts[@]}"; do
    case $part in
        service | campaign | hour | flat) whole=true ;;
        opt-outs | store | text | reading | broker) pieces=true ;;
        *) die "ONLY takes opt-outs, store, text, reading, broker, service, campaign, hour and flat: $part" ;;
    esac
done

bridge=${BRIDGE:-}
if $pieces || [[ -z $bridge ]]; then
    scripts/setup.sh
    say "building for release (the first time takes some minutes)"
fi
if $pieces; then
    # Testable, for some of what is measured is internal; in a folder of its own, for that is another build.
    build=(swift build -c release -Xswiftc -enable-testing --scratch-path .build-bench)
    "${build[@]}" --product bench
    "${build[@]}" --product sms-bridge
    bin=$("${build[@]}" --show-bin-path)
fi
if $whole; then
    command -v python3 >/dev/null || die "python3 is missing; on Debian: apt install python3"
    if [[ -z $bridge ]]; then
        # As users build it.
        swift build -c release --product sms-bridge
        bridge=$(swift build -c release --show-bin-path)/sms-bridge
    fi
fi

for name in "${parts[@]}"; do
    case $name in
        broker)
            mkdir -p .local
            node=$(mktemp -d "$PWD/.local/bench.XXXXXX")
            export SMS_BRIDGE_RABBIT_DIR=$node
            start_broker >&2
            eval "$(scripts/rabbitmq.sh env)"
            "$bin/bench" broker --binary "$bin/sms-bridge"
            ;;
        service) scripts/bench/run.py --binary "$bridge" ${CHECK:+--check} ;;
        campaign) scripts/bench/campaign.py --binary "$bridge" --recipients "${RECIPIENTS:-100000}" ;;
        hour) scripts/bench/hour.py --binary "$bridge" --minutes "${MINUTES:-60}" --rate "${RATE:-200}" ;;
        flat) scripts/bench/seed.py --binary "$bridge" --records "${RECORDS:-10000000}" ;;
        *) "$bin/bench" "$name" ;;
    esac
done
