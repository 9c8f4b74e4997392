# What the scripts share. Sourced, never run.

# Prints a step; on stderr, so that output can be used by other programs.
say() { printf '==> %s\n' "$*" >&2; }

# Prints what is wrong and ends the script.
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# The first port from $1 on that is free.
free_port() {
    local port=$1
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
    echo "$port"
}

# Asks "$@" every 0.2 s until it succeeds, for at most $1 seconds.
wait_until() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || return 1
        sleep 0.2
    done
}

is_gone() { ! kill -0 "$1" 2>/dev/null; }

# Ends process $1 with SIGTERM, or with SIGKILL when it is still there after $2 seconds.
stop_process() {
    is_gone "$1" && return
    kill -TERM "$1" 2>/dev/null
    wait_until "$2" is_gone "$1" || kill -KILL "$1" 2>/dev/null
}

# Starts the private RabbitMQ node. Ctrl-C does not reach this step, for a node that is stopped while it boots is left
# behind; the caller acts on the signal right after.
start_broker() {
    (
        trap '' INT HUP
        exec scripts/rabbitmq.sh start
    )
}
