#!/usr/bin/env bash
# Runs every test (FILTER=<regular expression>: a part) against a RabbitMQ node of its own, which is removed afterwards.
# The tests of the pages follow where Chromium is installed. BUILD_LIMIT and TEST_LIMIT bound the two steps (default 60m and
# 20m), BROWSER_LIMIT the tests of each page.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

step=""
# How many seconds a step has to end when this script is stopped.
grace=10
node=""

cleanup() {
    set +e
    trap '' INT TERM HUP
    [[ -z $step ]] || stop_process "$step" "$grace"
    [[ -z $node ]] && return
    scripts/rabbitmq.sh wipe >"$node.log" 2>&1 || cat "$node.log" >&2
    scripts/postgres.sh wipe >"$node.log" 2>&1 || cat "$node.log" >&2
    rm -f "$node.log"
}
trap cleanup EXIT
trap "trap '' INT TERM HUP; exit 129" HUP
trap "trap '' INT TERM HUP; exit 130" INT
trap "trap '' INT TERM HUP; exit 143" TERM

# Runs a command for at most $1. In the background, for only then a signal reaches this script at once; `timeout`
# gives the command a process group of its own and ends all of it.
limited() {
    timeout --kill-after=10s "$@" </dev/null &
    step=$!
    local code=0
    wait "$step" || code=$?
    step=""
    ((code != 124)) || die "stopped after $1"
    return "$code"
}

scripts/setup.sh --tests

say "building the tests (the first time takes some minutes)"
limited "${BUILD_LIMIT:-60m}" swift build --build-tests

mkdir -p .local
node=$(mktemp -d "$PWD/.local/test.XXXXXX")
export SMS_BRIDGE_RABBIT_DIR=$node SMS_BRIDGE_RABBIT_TLS=1
say "starting a RabbitMQ node for the tests"
start_broker >&2
eval "$(scripts/rabbitmq.sh env)"
export SMS_BRIDGE_POSTGRES_DIR=$node/postgres
say "starting a PostgreSQL server for the tests"
scripts/postgres.sh start >&2
# Not STORE_URL: the tests say themselves which store they use.
eval "$(scripts/postgres.sh env | grep -v STORE_URL)"

# How many tests run at a time. Those that speak to the broker stand apart from those that keep the processors busy, and
# the whole service has processes of its own for every test: too many at once, or anything beside those that look at the
# clock, measure the machine and not the service.
run_tests() {
    local width=$1
    shift
    SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=$width \
        limited "${TEST_LIMIT:-20m}" swift test --skip-build --disable-xctest "$@"
}

# The tests of the pages, on a broker of their own: the service there has the usual names. They have limits of their own.
test_pages() {
    grace=120
    env -u AMQP_URL -u SMS_BRIDGE_RABBIT_DIR -u SMS_BRIDGE_RABBIT_TLS scripts/browser-tests/run.sh </dev/null &
    step=$!
    local code=0
    wait "$step" || code=$?
    step=""
    return "$code"
}

say "running the tests"
if [[ -n ${FILTER:-} ]]; then
    run_tests 3 --filter "$FILTER"
else
    alone='EndToEndTests.(PacingTests|SoakTests)|HTTPAPITests.(Crowd|SlowAndBrokenClient|KeepAlive|GracefulShutdown|Overdue)Tests'
    run_tests 8 --skip AMQPTests --skip EndToEndTests --skip StorePostgresTests --skip "$alone"
    run_tests 4 --filter StorePostgresTests
    run_tests 4 --filter AMQPTests
    run_tests 3 --filter EndToEndTests --skip "$alone"
    run_tests 1 --filter "$alone"

    if command -v chromium >/dev/null && command -v chromedriver >/dev/null; then
        test_pages
    else
        say "not run: the tests of the pages, for Chromium is not installed (scripts/setup.sh --browser)"
    fi
fi
