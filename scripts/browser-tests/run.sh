#!/usr/bin/env bash
# Runs the browser tests of both pages with a program that is built already: the simulator's page against a simulator of
# its own, and the page about the service against a private broker, a simulated Vonage and the service.
#
#   run.sh             every test of both pages
#   run.sh phone       those of the simulator's page; run.sh console: those of the page about the service
#
# Environment:
#   SMS_BRIDGE_BIN     the program; default .build/debug/sms-bridge
#   ONLY               tests whose names have this in them
#   SCREENSHOTS        a folder for the pages' pictures; default .local/browser-tests. With docs/images it renews those of
#                      README and docs.
#   BROWSER_LIMIT      how long the tests of one page may take; default 15m
#
# Everything that it starts has ended when it ends; logs of the service are in .local/stage.
set -euo pipefail
cd "$(dirname "$0")/../.."
source scripts/lib.sh

pages=("$@")
((${#pages[@]} > 0)) || pages=(phone console)
bridge=${SMS_BRIDGE_BIN:-$PWD/.build/debug/sms-bridge}
[[ $bridge == /* ]] || bridge=$PWD/$bridge
[[ -x $bridge ]] || die "there is no $bridge: run swift build"
for program in chromium chromedriver; do
    command -v $program >/dev/null || die "$program is missing: run scripts/setup.sh --browser"
done
pictures=${SCREENSHOTS:-.local/browser-tests}
mkdir -p "$pictures"
pictures=$(cd "$pictures" && pwd)

step=""
cleanup() {
    set +e
    trap '' INT TERM HUP
    [[ -z $step ]] || stop_process "$step" 100
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# In the background, for only then a signal reaches this script at once; `timeout` passes a SIGTERM on to the command.
limited() {
    timeout --kill-after=90s "${BROWSER_LIMIT:-15m}" "$@" </dev/null &
    step=$!
    local code=0
    wait "$step" || code=$?
    step=""
    ((code != 124)) || die "stopped after ${BROWSER_LIMIT:-15m}: $*"
    return "$code"
}

failed=()
for page in "${pages[@]}"; do
    say "browser tests of the page: $page"
    options=(--only "${ONLY:-}")
    # A picture is of a page whose tests have all passed.
    [[ -n ${ONLY:-} ]] || options+=(--screenshot "$pictures/$page.png")
    case $page in
        phone) limited scripts/browser-tests/phone.sh "$bridge" "${options[@]}" || failed+=("$page") ;;
        console)
            # What is overdue is to be seen within the test.
            SMS_BRIDGE_BIN=$bridge RECEIPT_OVERDUE=5s limited scripts/with-stage.sh \
                scripts/browser-tests/console.py "${options[@]}" || failed+=("$page")
            ;;
        *) die "there is no page $page: phone or console" ;;
    esac
done
((${#failed[@]} == 0)) || die "failed: ${failed[*]}"
