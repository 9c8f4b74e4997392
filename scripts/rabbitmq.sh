#!/usr/bin/env bash
# A private RabbitMQ node for development and tests, from the system's RabbitMQ package (Debian, Ubuntu).
#
#   rabbitmq.sh start        start it (if it is not running) and wait until it is ready
#   rabbitmq.sh stop         stop it, also one that an interrupted start has left booting; its data stay
#   rabbitmq.sh status       "running" (or booting) or "stopped" (exit code 3)
#   rabbitmq.sh env          print shell lines: AMQP_URL and the SMS_BRIDGE_TEST_* variables of the tests
#   rabbitmq.sh ctl ARGS...  rabbitmqctl against it
#   rabbitmq.sh pause        freeze it (SIGSTOP), as a hung broker;  resume: go on
#   rabbitmq.sh kill         end it at once (SIGKILL), as a crash
#   rabbitmq.sh wipe         stop it and delete its directory, with all nodes that live in nodes/ there
#
# Environment:
#   SMS_BRIDGE_RABBIT_DIR    everything it owns; default .local/rabbitmq in the repository
#   SMS_BRIDGE_RABBIT_PORT   AMQP port; default a free one, chosen once and remembered in the directory
#   SMS_BRIDGE_RABBIT_TLS    1: also listen for TLS, with certificates made by openssl in the directory
#   SMS_BRIDGE_RABBIT_BIN    where rabbitmq-server is; default /usr/lib/rabbitmq/bin
#
# The node listens on 127.0.0.1, has a name, a cookie, and ports (AMQP, distribution, epmd) of its own, so a broker that
# runs already is never touched, and several of these can run at once with different directories.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
self=$here/$(basename "${BASH_SOURCE[0]}")
dir=${SMS_BRIDGE_RABBIT_DIR:-$here/../.local/rabbitmq}
bin=${SMS_BRIDGE_RABBIT_BIN:-/usr/lib/rabbitmq/bin}
boot_seconds=180

source "$here/private-server.sh"

require_tools() {
  [ -x "$bin/rabbitmq-server" ] || die "no RabbitMQ in $bin (install rabbitmq-server, or set SMS_BRIDGE_RABBIT_BIN)"
  command -v epmd >/dev/null || die "epmd is missing (it comes with Erlang)"
  if [ "${SMS_BRIDGE_RABBIT_TLS:-0}" = 1 ]; then
    command -v openssl >/dev/null || die "openssl is missing, which SMS_BRIDGE_RABBIT_TLS needs"
  fi
}

node_name() { echo "sms-bridge-$(od -An -N4 -tx4 /dev/urandom | tr -d ' ')@localhost"; }

settle() {
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd)
  if [ -n "${SMS_BRIDGE_RABBIT_PORT:-}" ]; then echo "$SMS_BRIDGE_RABBIT_PORT" > "$dir/port"; fi
  port=$(remember port free_port)
  tls_port=$(remember tls_port free_port)
  dist_port=$(remember dist_port free_port)
  epmd_port=$(remember epmd_port free_port)
  node=$(remember node node_name)
}

node_env() {
  export HOME=$dir/home
  export ERL_EPMD_PORT=$epmd_port ERL_EPMD_ADDRESS=127.0.0.1
  export RABBITMQ_CONF_ENV_FILE=/dev/null
  export RABBITMQ_NODENAME=$node
  export RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
  export RABBITMQ_NODE_PORT=$port
  export RABBITMQ_DIST_PORT=$dist_port
  export RABBITMQ_MNESIA_BASE=$dir/data
  export RABBITMQ_LOG_BASE=$dir/log
  export RABBITMQ_PID_FILE=$dir/rabbit.pid
  export RABBITMQ_ENABLED_PLUGINS_FILE=$dir/enabled_plugins
  export RABBITMQ_CONFIG_FILE=$dir/rabbitmq
  export RABBITMQ_ADVANCED_CONFIG_FILE=$dir/advanced.config
  export RABBITMQ_GENERATED_CONFIG_DIR=$dir/generated
  # The start script becomes the node instead of waiting for it: one process, whose id is known from the beginning.
  export RUNNING_UNDER_SYSTEMD=true
  # Beside compilers and tests: no pinned schedulers, no busy waiting.
  export RABBITMQ_SCHEDULER_BIND_TYPE=u
  export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none +B i"
  unset RABBITMQ_USE_LONGNAME RABBITMQ_NODENAME_SUFFIX 2>/dev/null || true
}

# Which process this is: its pid and when it began, since a pid alone may belong to another process by the time it is
# read again. One whose first thread has ended still has its ports until the last thread has, some time after a SIGKILL.
identity() {
  local stat threads
  { read -r stat < "/proc/$1/stat"; } 2>/dev/null || return 1
  # Behind the name, which may hold anything: state, then 18 fields, then when it began.
  # shellcheck disable=SC2086
  set -- "$1" ${stat##*) }
  if [ "$2" = Z ]; then
    threads=("/proc/$1/task"/*)
    [ ${#threads[@]} -gt 1 ] || return 1
  fi
  echo "$1 ${21}"
}

# Whether the process that a pid file names is still there, and is still the one that was started.
is_alive() {
  local pid
  { read -r pid _ < "$1"; } 2>/dev/null && [ "$(identity "$pid")" = "$(cat "$1")" ]
}

is_running() { is_alive "$dir/os.pid"; }

# Sends signal $2 to the process that pid file $1 names.
signal() {
  local pid
  read -r pid _ < "$1"
  kill "-$2" "$pid" 2>/dev/null || true
}

# Waits until the process of pid file $1 is gone; $2 = tenths of a second.
gone() {
  local _
  for _ in $(seq "$2"); do
    is_alive "$1" || return 0
    sleep 0.1
  done
  return 1
}

# The port opens at the very end of the boot, and asking it costs less than starting rabbitmqctl.
port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

ctl() { ( node_env; exec "$bin/rabbitmqctl" -n "$node" "$@" ); }

certificates() {
  local tls=$dir/tls
  [ -s "$tls/done" ] && return
  mkdir -p "$tls"
  ( umask 077
    cd "$tls"
    issue() { # $1 = CA, $2 = name, $3 = extensions
      openssl req -new -newkey rsa:2048 -nodes -subj "/CN=$2" -keyout "$2.key" -out "$2.csr"
      openssl x509 -req -in "$2.csr" -CA "$1.crt" -CAkey "$1.key" -CAcreateserial -days 3650 \
        -extfile <(printf '%s' "$3") -out "$2.crt"
    }
    for ca in ca other-ca; do
      openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=sms-bridge test $ca" \
        -keyout "$ca.key" -out "$ca.crt"
    done
    issue ca server $'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth'
    issue ca client $'extendedKeyUsage=clientAuth'
    issue other-ca stranger $'extendedKeyUsage=clientAuth' ) >"$tls/openssl.log" 2>&1 \
    || { tail -n 5 "$tls/openssl.log" >&2; die "openssl could not make the certificates"; }
  echo done > "$tls/done"
}

configure() {
  mkdir -p "$dir"/{home,data,log,generated}
  if [ ! -f "$dir/home/.erlang.cookie" ]; then
    ( umask 077; head -c 24 /dev/urandom | base64 | tr -dc A-Za-z0-9 > "$dir/home/.erlang.cookie" )
    chmod 400 "$dir/home/.erlang.cookie"
  fi
  cat > "$dir/rabbitmq.conf" <<CONF
listeners.tcp.default = 127.0.0.1:$port
loopback_users.guest = true
log.file.level = info
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 50MB
CONF
  if [ "${SMS_BRIDGE_RABBIT_TLS:-0}" = 1 ]; then
    certificates
    cat >> "$dir/rabbitmq.conf" <<CONF
listeners.ssl.default = 127.0.0.1:$tls_port
ssl_options.cacertfile = $dir/tls/ca.crt
ssl_options.certfile = $dir/tls/server.crt
ssl_options.keyfile = $dir/tls/server.key
ssl_options.verify = verify_peer
ssl_options.fail_if_no_peer_cert = false
CONF
    echo 1 > "$dir/tls_on"
  else
    rm -f "$dir/tls_on"
  fi
  echo '[].' > "$dir/enabled_plugins"
  echo '[].' > "$dir/advanced.config"
}

# Becomes a daemon, noted in the pid file $1 before it is one, so that stop finds it whatever interrupts the caller.
#
# It gets no descriptor of the caller's but the standard ones (some callers take an open descriptor for a sign that
# this script is still at work), and has no signal blocked (callers with threads often block them all, and a node that
# blocks SIGTERM cannot be stopped gently).
daemon() {
  local fd
  identity "$BASHPID" > "$1"
  shift
  for fd in /proc/self/fd/*; do
    fd=${fd##*/}
    if [ "$fd" -gt 2 ]; then eval "exec $fd>&-"; fi
  done
  if command -v perl >/dev/null; then
    exec setsid perl -MPOSIX -e 'sigprocmask(SIG_SETMASK, POSIX::SigSet->new()); exec @ARGV or die "$!\n"' "$@"
  fi
  exec setsid "$@"
}

start() {
  require_tools
  if ! is_running; then
    if port_answers; then die "another process listens on port $port"; fi
    configure
    rm -f "$dir/os.pid"
    if ! is_alive "$dir/epmd.pid"; then
      ( daemon "$dir/epmd.pid" epmd -port "$epmd_port" -address 127.0.0.1 ) </dev/null >/dev/null 2>&1 &
    fi
    ( node_env; cd "$dir"; daemon "$dir/os.pid" "$bin/rabbitmq-server" ) </dev/null >"$dir/log/stdout" \
      2>"$dir/log/stderr" &
  fi
  local deadline=$((SECONDS + boot_seconds))
  while [ $SECONDS -lt $deadline ]; do
    if port_answers; then return; fi
    if [ -s "$dir/os.pid" ] && ! is_running; then break; fi
    sleep 0.2
  done
  tail -n 20 "$dir/log/stdout" "$dir/log/stderr" >&2
  stop
  die "the node did not start within $boot_seconds s; its log is in $dir/log"
}

# Ends process $1 at once.
end() {
  signal "$1" KILL
  gone "$1" 50 || die "the process in $1 does not end"
}

# Ends process $1 gently, within 20 s; asks every $2 tenths of a second.
end_gently() {
  local waited
  signal "$1" CONT
  for ((waited = 0; waited < 200; waited += $2)); do
    signal "$1" TERM
    gone "$1" "$2" && return
  done
  end "$1"
}

stop() {
  local patience=10
  # A node that is up handles the first signal, and the second would cut its shutdown short; one that boots may not.
  if port_answers; then patience=200; fi
  if is_running; then end_gently "$dir/os.pid" "$patience"; fi
  if is_alive "$dir/epmd.pid"; then end_gently "$dir/epmd.pid" 200; fi
  rm -f "$dir/os.pid" "$dir/epmd.pid"
}

print_env() {
  echo "export AMQP_URL='amqp://guest:guest@localhost:$port'"
  echo "export SMS_BRIDGE_TEST_AMQP_URL='amqp://guest:guest@localhost:$port'"
  echo "export SMS_BRIDGE_TEST_BROKER_CTL='$self'"
  echo "export SMS_BRIDGE_RABBIT_DIR='$dir'"
  if [ -f "$dir/tls_on" ]; then
    echo "export SMS_BRIDGE_TEST_AMQP_TLS_PORT='$tls_port'"
    echo "export SMS_BRIDGE_TEST_TLS_DIR='$dir/tls'"
  fi
}

case "${1:-}" in
  start) settle; start ;;
  stop) settle; stop ;;
  status) settle; if is_running; then echo running; else echo stopped; exit 3; fi ;;
  env) settle; print_env ;;
  ctl) shift; settle; ctl "$@" ;;
  pause) settle; is_running || die "it is not running"; signal "$dir/os.pid" STOP ;;
  resume) settle; is_running || die "it is not running"; signal "$dir/os.pid" CONT ;;
  kill) settle; is_running || die "it is not running"; end "$dir/os.pid"; rm -f "$dir/os.pid" ;;
  wipe) settle
    for nested in "$dir"/nodes/*/; do
      [ ! -d "$nested" ] || SMS_BRIDGE_RABBIT_DIR=$nested SMS_BRIDGE_RABBIT_PORT="" "$self" wipe
    done
    stop; rm -rf "$dir"
    for value in "$port" "$tls_port" "$dist_port" "$epmd_port"; do
      rmdir "${TMPDIR:-/tmp}/sms-bridge-port-$value" 2>/dev/null || true
    done ;;
  *) sed -n '2,20p' "$self" | sed 's/^# \{0,1\}//'; exit 2 ;;
esac
