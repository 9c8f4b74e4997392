#!/usr/bin/env bash
# Loads several replicas over one PostgreSQL and a RabbitMQ cluster of three nodes while they are killed and frozen at
# random, the database is restarted and killed, and the node that leads sms.send.bulk is killed. Then it balances the books:
# every recipient has exactly one message at the simulated provider and one outcome (scripts/soak-verdict.py).
#
#   REPLICAS=3      how many replicas
#   COUNT=3000      how many messages, of one campaign
#   KILLS=10        how often a replica is ended by SIGKILL and started again
#   FREEZES=4       how often one is stopped by SIGSTOP, for 20 to 90 s
#   ROLLS=0         how often all are replaced one after the other, as an upgrade does; NEXT=<program> is what comes
#   DATABASE=2      how often PostgreSQL is restarted or killed, in turn
#   LEADERS=2       how often the node that leads sms.send.bulk is ended by SIGKILL and started again
#   RATE=50/s       SEND_RATE of the whole account
#   SEED=<number>   repeats the order of what happens
#   SLACK=1         how many messages more than the rate one sliding second may hold at the provider; -1: not looked at
#   BRIDGE=<file>   a program that is built already
#
# Everything is private: a broker, a server and ports of its own, under .local/soak-replicas, where the logs stay.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

replicas=${REPLICAS:-3} count=${COUNT:-3000} kills=${KILLS:-10} freezes=${FREEZES:-4} database=${DATABASE:-2}
leaders=${LEADERS:-2} rolls=${ROLLS:-0} slack=${SLACK:-1}
rate=${RATE:-50/s} seed=${SEED:-$RANDOM}
for number in "$replicas" "$count" "$kills" "$freezes" "$database" "$leaders" "$rolls" "$seed"; do
    [[ $number =~ ^[0-9]{1,9}$ ]] || die "not a whole number: $number"
done
((replicas > 0)) || die "REPLICAS has to be 1 or more"
[[ $rate =~ ^([1-9][0-9]{0,3})/s$ ]] || die "RATE has to be from 1/s to 9999/s: $rate"
per_second=${BASH_REMATCH[1]}
[[ $slack =~ ^(-1|[0-9]{1,4})$ ]] || die "SLACK has to be a whole number: $slack"
# By the first arguments of a series with a fixed seed, what happens is the same.
RANDOM=$seed

logs=$PWD/.local/soak-replicas
rm -rf "$logs"
mkdir -p "$logs"
export SMS_BRIDGE_CLUSTER_DIR=$logs/rabbitmq SMS_BRIDGE_POSTGRES_DIR=$logs/postgres
bridge=${BRIDGE:-$PWD/.build/debug/sms-bridge}
program=$bridge
pids=() simulator="" balancer=""

cleanup() {
    set +e
    trap '' INT TERM HUP
    for pid in "${pids[@]}" $balancer $simulator; do
        kill -CONT "$pid" 2>/dev/null
        stop_process "$pid" 30
    done
    scripts/postgres.sh wipe >"$logs/postgres-wipe.log" 2>&1
    scripts/rabbitmq-cluster.sh wipe >"$logs/rabbitmq-wipe.log" 2>&1
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

if [[ -z ${BRIDGE:-} ]]; then
    scripts/setup.sh --tests
    say "building"
    swift build --product sms-bridge
fi
say "starting three nodes of RabbitMQ, and PostgreSQL"
scripts/rabbitmq-cluster.sh start 3 >&2
scripts/postgres.sh start >&2
eval "$(scripts/rabbitmq-cluster.sh env)"
eval "$(scripts/postgres.sh env | grep STORE_URL=)"

first_port=$(free_port $((20000 + RANDOM % 8000)))
provider_port=$(free_port $((first_port + 100)))
balancer_port=$(free_port $((first_port + 200)))
unset "${!VONAGE_@}" "${!WEBHOOK_@}" "${!API_@}" SMS_BRIDGE_CONFIG HTTP_PORT
export AMQP_URL STORE_URL HTTP_HOST=127.0.0.1 LOG_FORMAT=json SEND_RATE=$rate UNCERTAIN_WAIT=30s
export VONAGE_API_KEY=abcd1234 VONAGE_API_SECRET=made-up-secret VONAGE_NUMBER=14155550100
export VONAGE_API_URL=http://127.0.0.1:$provider_port

# Receipts go to a load balancer, which passes over a replica that is away or frozen.
python3 scripts/soak-balancer.py "$balancer_port" $(for ((i = 0; i < replicas; i++)); do echo $((first_port + i)); done) \
    >"$logs/balancer.log" 2>&1 &
balancer=$!
(cd "$logs" && exec "$bridge" simulate --port "$provider_port" --latency 20ms --webhook-retry 1s \
    --webhooks "http://127.0.0.1:$balancer_port" --journal "$logs/journal") >"$logs/simulator.log" 2>&1 &
simulator=$!

start_replica() { # $1 = its number
    (cd "$logs" && PORT=$((first_port + $1)) exec "$program" serve) >>"$logs/replica-$1.log" 2>&1 &
    pids[$1]=$!
}
is_ready() { curl -fsS -m 2 "http://127.0.0.1:$((first_port + $1))/health/ready" >/dev/null 2>&1; }

say "starting $replicas replicas; SEED=$seed repeats this run"
for ((i = 0; i < replicas; i++)); do start_replica "$i"; done
for ((i = 0; i < replicas; i++)); do wait_until 120 is_ready "$i" || die "replica $i does not get ready: $logs"; done

# Every event that is published, from the beginning.
scripts/soak-events.py declare "$RABBIT_API" soak-events || die "the events cannot be followed"

say "publishing a campaign of $count messages"
{
    echo to
    for ((i = 0; i < count; i++)); do printf '+1212%07d\n' $((2000000 + i)); done
} >"$logs/recipients.csv"
(cd "$logs" && "$bridge" campaign --file "$logs/recipients.csv" --text "Soak" --id soak --no-wait) >"$logs/campaign.log" 2>&1

# What happens, in an order that the seed decides.
events=()
for ((i = 0; i < kills; i++)); do events+=(kill); done
for ((i = 0; i < freezes; i++)); do events+=(freeze); done
for ((i = 0; i < rolls; i++)); do events+=(roll); done
for ((i = 0; i < database; i++)); do
    if ((i % 2 == 0)); then events+=(restart-database); else events+=(kill-database); fi
done
for ((i = 0; i < leaders; i++)); do events+=(kill-leader); done
for ((i = ${#events[@]} - 1; i > 0; i--)); do
    j=$((RANDOM % (i + 1))) word=${events[i]}
    events[i]=${events[j]}
    events[j]=$word
done

is_over() {
    [[ $(scripts/postgres.sh sql -Atc "SELECT state FROM campaign WHERE id = 'soak'" 2>/dev/null) == completed ]]
}
# Spread over the time that the campaign takes; what comes after its end proves nothing, and does not count.
pause=$((count * 8 / 10 / per_second / (${#events[@]} + 1)))
((pause >= 1)) || pause=1
: >"$logs/incidents"
for event in "${events[@]}"; do
    sleep "$((pause + RANDOM % 3))"
    if is_over; then
        say "the campaign is over before everything has happened: COUNT is too small"
        break
    fi
    which=$((RANDOM % replicas))
    case $event in
        kill)
            say "replica $which is killed"
            # One that was frozen and is killed has been killed all the same.
            kill -KILL "${pids[which]}" 2>/dev/null || true
            wait "${pids[which]}" 2>/dev/null || true
            start_replica "$which"
            ;;
        freeze)
            time=$((20 + RANDOM % 71))
            say "replica $which is frozen for $time s"
            frozen=${pids[which]}
            kill -STOP "$frozen" 2>/dev/null || true
            (sleep "$time" && kill -CONT "$frozen" 2>/dev/null) &
            ;;
        roll)
            say "all replicas are replaced, one after the other"
            program=${NEXT:-$bridge}
            for ((i = 0; i < replicas; i++)); do
                # A frozen one wakes for its end.
                kill -CONT "${pids[i]}" 2>/dev/null || true
                stop_process "${pids[i]}" 60
                start_replica "$i"
                wait_until 120 is_ready "$i" || die "replica $i does not get ready: $logs"
            done
            ;;
        restart-database)
            say "PostgreSQL is restarted"
            scripts/postgres.sh restart >&2
            ;;
        kill-database)
            say "PostgreSQL is killed"
            scripts/postgres.sh kill >&2
            scripts/postgres.sh start >&2
            ;;
        kill-leader)
            node=$(scripts/rabbitmq-cluster.sh leader sms.send.bulk)
            say "node $node of RabbitMQ is killed, which leads sms.send.bulk"
            scripts/rabbitmq-cluster.sh kill "$node"
            sleep 3
            scripts/rabbitmq-cluster.sh revive "$node" >&2
            ;;
    esac
    echo "$event $which $(date +%s)" >>"$logs/incidents"
done

say "waiting for the campaign's end"
wait_until "${LIMIT:-1800}" is_over || say "the campaign has not ended in time"
sleep 5

curl -fsS "http://127.0.0.1:$provider_port/simulator/messages?limit=10000000" >"$logs/messages.json"
scripts/soak-events.py drain "$RABBIT_API" soak-events >"$logs/events"
((slack < 0)) && most=0 || most=$((per_second + slack))
scripts/soak-verdict.py "$logs" "$count" "$most" || die "SEED=$seed: the books do not balance: $logs"
say "the counts are right"
