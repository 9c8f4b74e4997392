# A private broker, a simulated provider and the service, built here and started in this directory. Sourced, after lib.sh.
#
# With AMQP_URL set that broker is used, and none is started. Who sources it sets `logs`, a folder for everything, and calls
# stop_stage at the end, also after a failure. SMS_BRIDGE_BIN names a program that is built already.

bridge=${SMS_BRIDGE_BIN:-$PWD/.build/debug/sms-bridge}
broker_is_ours=false
service="" simulator=""

# Stops what was started. What serves the others is stopped after them: the service drains into a broker that still runs.
stop_stage() {
    [[ -z $service ]] || stop_process "$service" 30
    [[ -z $simulator ]] || stop_process "$simulator" 5
    if $broker_is_ours; then
        scripts/rabbitmq.sh stop >"$logs/rabbitmq-stop.log" 2>&1 || cat "$logs/rabbitmq-stop.log" >&2
    fi
}

# Shows the end of the logs, and gives up.
give_up() {
    local file
    for file in "$logs"/*.log; do
        [[ -s $file ]] || continue
        printf -- '--- the end of %s\n' "$file" >&2
        tail -n 25 "$file" >&2
    done
    die "$*"
}

# The settings of the stage: made-up credentials that the simulator and the service share, and the lines in "$@"; in a
# file that its owner alone may read.
write_environment() {
    local api_key api_secret signature_secret line
    api_key=$(openssl rand -hex 4)
    api_secret=$(openssl rand -hex 8)
    signature_secret=$(openssl rand -hex 32)
    rm -f "$logs/env"
    (umask 077 && : >"$logs/env")
    cat >>"$logs/env" <<EOF
export AMQP_URL='$AMQP_URL'
export VONAGE_API_KEY=$api_key
export VONAGE_API_SECRET=$api_secret
export VONAGE_SIGNATURE_SECRET=$signature_secret
export VONAGE_NUMBER=14155550100
export VONAGE_API_URL=http://127.0.0.1:$simulator_port
export HTTP_HOST=127.0.0.1
export PORT=$service_port
export STORE_URL=sqlite:$logs/sms-bridge.db
export LOG_FORMAT=json
EOF
    for line in "$@"; do echo "export $line" >>"$logs/env"; done
    # Other credentials that the user's environment may hold must not get into the stage.
    unset "${!VONAGE_@}" "${!WEBHOOK_@}" "${!API_@}" SMS_BRIDGE_CONFIG HTTP_PORT AMQP_URL_FILE
    source "$logs/env"
}

# Starts the program with the arguments $2... in a session of its own, where the terminal's Ctrl-C does not reach it:
# stop_stage stops it, in order. Its directory is that of the logs, so that the user's own .env is not read.
start() {
    local log=$1
    shift
    env -C "$logs" setsid "$bridge" "$@" >"$logs/$log.log" 2>&1 </dev/null 9>&- &
    started=$!
}

simulator_answers() { curl -fsS --max-time 2 "http://127.0.0.1:$simulator_port/simulator/messages"; }
service_is_ready() { is_gone "$service" || curl -fsS --max-time 2 "http://127.0.0.1:$service_port/health/ready"; }

# Builds and starts everything; the service gets the settings in "$@" besides its own. Holds "$logs/lock" as descriptor 9.
start_stage() {
    mkdir -p "$logs"
    exec 9>"$logs/lock"
    flock --nonblock 9 || die "it is already running in this directory"

    if [[ -n ${AMQP_URL:-} ]]; then scripts/setup.sh --no-broker; else scripts/setup.sh; fi

    if [[ -z ${SMS_BRIDGE_BIN:-} ]]; then
        say "building (the first time takes some minutes)"
        swift build --product sms-bridge >&2
    fi

    rm -f "$logs"/*.log "$logs/events"
    if [[ -n ${AMQP_URL:-} ]]; then
        say "using the broker that AMQP_URL names"
    else
        say "starting a private RabbitMQ node"
        broker_is_ours=true
        start_broker >"$logs/rabbitmq.log" 2>&1 9>&- || give_up "RabbitMQ did not start"
        eval "$(scripts/rabbitmq.sh env)"
    fi

    simulator_port=$(free_port 4000)
    service_port=$(free_port 3000)
    write_environment "$@"

    say "starting the simulated provider on port $simulator_port"
    start simulator simulate --port "$simulator_port" --webhooks "http://127.0.0.1:$service_port"
    simulator=$started
    wait_until 20 simulator_answers || give_up "the simulator does not answer"

    say "starting the service on port $service_port"
    start service serve
    service=$started
    wait_until 60 service_is_ready || give_up "the service is not ready"
    ! is_gone "$service" || give_up "the service ended"
}
