#!/usr/bin/env bash
# Measures, in a release build and against a RabbitMQ node of its own; the first build takes some minutes.
# ONLY="opt-outs text" runs a part. The figures are for people: nothing passes or fails.
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

scripts/setup.sh
say "building for release (the first time takes some minutes)"
# Testable, for some of what is measured is internal; in a folder of its own, for that is another build.
build=(swift build -c release -Xswiftc -enable-testing --scratch-path .build-bench)
"${build[@]}" --product bench
"${build[@]}" --product sms-bridge
bin=$("${build[@]}" --show-bin-path)

for name in ${ONLY:-opt-outs store text reading broker}; do
    if [[ $name == broker ]]; then
        mkdir -p .local
        node=$(mktemp -d "$PWD/.local/bench.XXXXXX")
        export SMS_BRIDGE_RABBIT_DIR=$node
        start_broker >&2
        eval "$(scripts/rabbitmq.sh env)"
        "$bin/bench" broker --binary "$bin/sms-bridge"
    else
        "$bin/bench" "$name"
    fi
done
