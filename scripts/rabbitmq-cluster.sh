#!/usr/bin/env bash
# A private RabbitMQ cluster of plain processes on this machine, for the soak of replicas.
#
#   rabbitmq-cluster.sh start [N]   start N nodes (default 3) with the management plugin, and join them
#   rabbitmq-cluster.sh env         print shell lines: AMQP_URL with all nodes, and RABBIT_API, the first's management API
#   rabbitmq-cluster.sh leader Q    the number of the node that leads a quorum queue
#   rabbitmq-cluster.sh kill N      end a node at once (SIGKILL);  revive N: start it again with its data
#   rabbitmq-cluster.sh wipe        end all of it, and delete its directory
#
# SMS_BRIDGE_CLUSTER_DIR has everything it owns (default .local/rabbitmq-cluster), SMS_BRIDGE_RABBIT_BIN the programs.
# The nodes listen on 127.0.0.1 alone and have ports, a cookie and an epmd of their own.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

dir=${SMS_BRIDGE_CLUSTER_DIR:-$PWD/.local/rabbitmq-cluster}
bin=${SMS_BRIDGE_RABBIT_BIN:-/usr/lib/rabbitmq/bin}
boot_seconds=180

[[ -x $bin/rabbitmq-server ]] || die "no RabbitMQ in $bin (install rabbitmq-server, or set SMS_BRIDGE_RABBIT_BIN)"

# Ports are chosen once: of each node AMQP, distribution, and management; and epmd's.
port() { cat "$dir/$1.port"; }

node_env() { # $1 = the node's number
    local own=$dir/$1
    export HOME=$dir/home
    export ERL_EPMD_PORT ERL_EPMD_ADDRESS=127.0.0.1
    ERL_EPMD_PORT=$(port epmd)
    export RABBITMQ_CONF_ENV_FILE=/dev/null
    export RABBITMQ_NODENAME=soak$1@localhost
    export RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT RABBITMQ_DIST_PORT
    RABBITMQ_NODE_PORT=$(port "amqp-$1") RABBITMQ_DIST_PORT=$(port "dist-$1")
    export RABBITMQ_MNESIA_BASE=$own/data RABBITMQ_LOG_BASE=$own/log RABBITMQ_PID_FILE=$own/rabbit.pid
    export RABBITMQ_ENABLED_PLUGINS_FILE=$own/enabled_plugins RABBITMQ_CONFIG_FILE=$own/rabbitmq
    export RABBITMQ_ADVANCED_CONFIG_FILE=$own/advanced.config RABBITMQ_GENERATED_CONFIG_DIR=$own/generated
    # The start script becomes the node, so that its process is known from the beginning.
    export RUNNING_UNDER_SYSTEMD=true
    export RABBITMQ_SCHEDULER_BIND_TYPE=u
    export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none +B i"
}

ctl() { # $1 = the node's number, then arguments of rabbitmqctl
    local node=$1
    shift
    (node_env "$node" && exec "$bin/rabbitmqctl" -n "$RABBITMQ_NODENAME" --silent "$@")
}

prepare() { # $1 = how many nodes
    mkdir -p "$dir/home"
    local next=$((20000 + RANDOM % 8000)) i name
    for name in epmd $(for ((i = 1; i <= $1; i++)); do echo "amqp-$i dist-$i api-$i"; done); do
        next=$(free_port "$next")
        echo "$next" >"$dir/$name.port"
        next=$((next + 1))
    done
    (umask 077 && od -An -N16 -tx4 /dev/urandom | tr -d ' \n' >"$dir/home/.erlang.cookie")
    chmod 400 "$dir/home/.erlang.cookie"
    for ((i = 1; i <= $1; i++)); do
        mkdir -p "$dir/$i/log" "$dir/$i/data" "$dir/$i/generated"
        echo "[rabbitmq_management]." >"$dir/$i/enabled_plugins"
        echo "[]." >"$dir/$i/advanced.config"
        cat >"$dir/$i/rabbitmq.conf" <<CONF
listeners.tcp.default = 127.0.0.1:$(port "amqp-$i")
management.tcp.port = $(port "api-$i")
management.tcp.ip = 127.0.0.1
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 200MB
cluster_partition_handling = pause_minority
CONF
    done
    echo "$1" >"$dir/size"
}

boot() { # $1 = the node's number
    if ! [[ -s $dir/epmd.pid ]] || is_gone "$(cat "$dir/epmd.pid")"; then
        setsid epmd -port "$(port epmd)" -address 127.0.0.1 >/dev/null 2>&1 &
        echo $! >"$dir/epmd.pid"
        sleep 0.3
    fi
    (
        node_env "$1"
        cd "$dir/$1"
        exec setsid "$bin/rabbitmq-server" >>log/stdout 2>&1 </dev/null
    ) &
    echo $! >"$dir/$1/os.pid"
    wait_until "$boot_seconds" ctl "$1" await_startup --timeout 5 || die "node $1 does not start: $dir/$1/log"
}

end_all() {
    local i pid
    [[ -f $dir/size ]] || return 0
    for ((i = 1; i <= $(cat "$dir/size"); i++)); do
        [[ -s $dir/$i/os.pid ]] || continue
        pid=$(cat "$dir/$i/os.pid")
        # What the node has started goes with its process group.
        kill -KILL "-$pid" 2>/dev/null || kill -KILL "$pid" 2>/dev/null || true
    done
    [[ ! -s $dir/epmd.pid ]] || kill "$(cat "$dir/epmd.pid")" 2>/dev/null || true
}

case ${1:-} in
    start)
        size=${2:-3}
        [[ ! -f $dir/size ]] || die "there is a cluster in $dir already"
        prepare "$size"
        for ((i = 1; i <= size; i++)); do boot "$i"; done
        for ((i = 2; i <= size; i++)); do
            for step in stop_app reset "join_cluster soak1@localhost" start_app; do
                # shellcheck disable=SC2086
                ctl "$i" $step >>"$dir/join.log" 2>&1 || die "node $i cannot join: $dir/join.log"
            done
        done
        ;;
    env)
        urls=""
        for ((i = 1; i <= $(cat "$dir/size"); i++)); do urls+=",amqp://guest:guest@127.0.0.1:$(port "amqp-$i")/"; done
        echo "export AMQP_URL='${urls#,}'"
        echo "export RABBIT_API='http://guest:guest@127.0.0.1:$(port api-1)/api'"
        ;;
    leader)
        for ((i = 1; i <= $(cat "$dir/size"); i++)); do
            leader=$(ctl "$i" list_queues --timeout 10 name leader 2>/dev/null | awk -v q="$2" '$1 == q { print $2 }') ||
                continue
            leader=${leader#soak}
            [[ -z $leader ]] || { echo "${leader%%@*}" && exit; }
        done
        die "no node leads $2"
        ;;
    kill) kill -KILL "-$(cat "$dir/$2/os.pid")" 2>/dev/null || kill -KILL "$(cat "$dir/$2/os.pid")" ;;
    revive) boot "$2" ;;
    wipe)
        end_all
        rm -rf "$dir"
        ;;
    *)
        sed -n '2,13p' "$0" | sed 's/^# \{0,1\}//'
        exit 2
        ;;
esac
