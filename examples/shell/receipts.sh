#!/usr/bin/env bash
# Prints delivery receipts, each once: receipts.sh [COUNT]
#
# Ends after COUNT messages. Needs amqp-tools and jq. AMQP_URL names the broker, QUEUE the queue (consumer.receipts), SEEN
# the file of the ids that were seen (seen.txt). amqp-tools cannot bind a durable queue, so it has to be there and be bound
# to sms.status: by an administrator, or by another example (`python/receipts.py 0`).
set -euo pipefail
url=${AMQP_URL:-amqp://guest:guest@localhost:5672}
# amqp-tools take a `/` at the end for a virtual host without a name.
url=${url%/}
export SEEN=${SEEN:-seen.txt}

# Handles one event, which is the standard input. amqp-consume acknowledges it when this ends with 0; else it comes again.
if [[ ${1:-} == handle ]]; then
    IFS=$'\t' read -r type id < <(jq -r '[.type, .id] | @tsv')
    touch "$SEEN"
    if grep -qxF -- "$id" "$SEEN"; then
        echo "repeat $type $id"
    else
        # The work. A superseded receipt is older than what is known: receipts can come in any order.
        echo "new $type $id"
        echo "$id" >>"$SEEN"
    fi
    exit
fi

count=()
[[ -z ${1:-} ]] || count=(--count="$1")
exec amqp-consume --url="$url" --queue="${QUEUE:-consumer.receipts}" --prefetch-count=20 "${count[@]}" "$0" handle
