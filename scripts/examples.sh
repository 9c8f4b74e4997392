#!/usr/bin/env bash
# Runs each program in examples/ against a running service, and checks what it does: the command is confirmed and
# accepted, the same id sent again sends nothing, the receipts come, and an event that comes twice is handled once.
#
#   scripts/with-stage.sh scripts/examples.sh            every language
#   scripts/with-stage.sh scripts/examples.sh go ruby    some
#
# A language whose client is missing is left out, and named; with CI=true that is a failure (scripts/setup.sh --examples
# installs what Debian has). Needs Debian's python3-pika, and the environment of scripts/with-stage.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh
: "${AMQP_URL:?run it by scripts/with-stage.sh}" "${API_URL:?}" "${API_KEY:?}" "${SIMULATOR_URL:?}"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python=/usr/bin/python3
jars=/usr/share/java/amqp-client.jar:/usr/share/java/slf4j-api.jar:/usr/share/java/slf4j-nop.jar
limit=120

# What runs a program of language $1, `send` or `receipts`; $3... are its arguments.
run_example() {
    local language=$1 program=$2
    shift 2
    case $language in
        python) timeout $limit $python "examples/python/$program.py" "$@" ;;
        go) timeout $limit "$folder/go-$program" "$@" ;;
        java) timeout $limit java -cp "$jars" "examples/java/${program^}.java" "$@" ;;
        ruby) timeout $limit ruby "examples/ruby/$program.rb" "$@" ;;
        php) timeout $limit php "examples/php/$program.php" "$@" ;;
        shell) timeout $limit "examples/shell/$program.sh" "$@" ;;
    esac
}

# Whether language $1 can be run here; builds it where it has to be built.
is_there() {
    case $1 in
        python) $python -c 'import pika' ;;
        go)
            command -v go && [[ -d /usr/share/gocode/src/github.com/rabbitmq/amqp091-go ]] &&
                for program in send receipts; do
                    # Debian's copy of the client, without the network.
                    GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= go build -o "$folder/go-$program" \
                        "examples/go/$program/main.go" >&2 || return 1
                done
            ;;
        java) command -v java && [[ -e /usr/share/java/amqp-client.jar ]] ;;
        ruby) ruby -rbunny -e '' ;;
        php) php -r "exit(stream_resolve_include_path('PhpAmqpLib/autoload.php') ? 0 : 1);" ;;
        shell) command -v amqp-consume && command -v jq && command -v curl ;;
        *) die "there is no example in $1" ;;
    esac >/dev/null
}

# Waits until $QUEUE holds two messages, and puts a copy of the first behind them: what a lost acknowledgement does.
repeat_first() {
    $python - <<'PY'
import os
import time

import pika

channel = pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URL"])).channel()
queue = os.environ["QUEUE"]
deadline = time.monotonic() + 60
while channel.queue_declare(queue, passive=True).method.message_count < 2:
    if time.monotonic() > deadline:
        raise SystemExit("no two receipts within a minute")
    channel.connection.sleep(0.1)
method, properties, body = channel.basic_get(queue)
channel.confirm_delivery()
channel.basic_publish("", queue, body, properties, mandatory=True)
channel.basic_nack(method.delivery_tag, requeue=True)
channel.connection.close()
PY
}

delete_queue() {
    $python -c 'import os, pika
with pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URL"])) as connection:
    connection.channel().queue_delete(os.environ["QUEUE"])'
}

# Fails unless text $1 has exactly $3 lines that match pattern $2.
expect() {
    local found
    found=$(grep -cE -- "$2" <<<"$1" || true)
    ((found == $3)) || die "$language: $3 lines like '$2' were expected, $found came:"$'\n'"$1"
}

try_language() {
    local language=$1 id=example-$1-$RANDOM$RANDOM output count declaring=$1
    export QUEUE=consumer.example.$id SEEN=$folder/seen-$1 DATABASE=$folder/$1.db
    # amqp-tools cannot bind a queue.
    [[ $language != shell ]] || declaring=python
    run_example "$declaring" receipts 0

    output=$(run_example "$language" send +14155550123 'Hello from an "example"' "$id") || die "$language: $output"
    if [[ $language == shell ]]; then expect "$output" '^200 ' 1; else
        expect "$output" "^confirmed $id$" 1
        expect "$output" '^sms.outbound.accepted ' 1
    fi
    # The same again: its outcome comes once more, and no second message is sent.
    output=$(run_example "$language" send +14155550123 'Hello from an "example"' "$id") || die "$language: $output"
    count=$(curl -fsS --max-time 10 "$SIMULATOR_URL/simulator/messages" |
        jq --arg id "$id" '[.[] | select(.client_ref == $id)] | length')
    [[ $count == 1 ]] || die "$language: the provider has $count messages of $id"
    # What is refused is not taken for sent.
    ! run_example "$language" send +1 'Too short' "$id-invalid" >"$folder/output" || die "$language: $(<"$folder/output")"

    repeat_first
    output=$(run_example "$language" receipts 3)
    expect "$output" '^new sms\.status\.' 2
    expect "$output" '^repeat sms\.status\.' 1
    delete_queue
    say "$language: sent once, receipts handled once"
}

languages=("$@")
(($# > 0)) || languages=(python go java ruby php shell)
is_there python || die "python3-pika is missing; on Debian: apt install python3-pika"
missing=()
for language in "${languages[@]}"; do
    if is_there "$language" 2>"$folder/why"; then
        try_language "$language"
    else
        cat "$folder/why" >&2
        missing+=("$language")
    fi
done
if ((${#missing[@]} > 0)); then
    say "left out, for its client is not here: ${missing[*]}; scripts/setup.sh --examples installs it"
    [[ ${CI:-} != true ]] || exit 1
fi
