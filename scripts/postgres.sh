#!/usr/bin/env bash
# A private PostgreSQL server for development and tests, from the system's PostgreSQL package (Debian, Ubuntu).
#
#   postgres.sh start        make it where there is none, start it (if it is not running) and wait until it is ready
#   postgres.sh stop         stop it; its data stay
#   postgres.sh status       "running" or "stopped" (exit code 3)
#   postgres.sh env          print shell lines: STORE_URL and SMS_BRIDGE_TEST_POSTGRES of the tests
#   postgres.sh sql ARGS...  psql against it
#   postgres.sh kill         end it at once (SIGKILL of all its processes), as a crash;  restart: stop and start
#   postgres.sh wipe         stop it and delete its directory
#
# Environment:
#   SMS_BRIDGE_POSTGRES_DIR    everything it owns; default .local/postgres in the repository
#   SMS_BRIDGE_POSTGRES_PORT   port; default a free one, chosen once and remembered in the directory
#   SMS_BRIDGE_POSTGRES_BIN    where initdb and pg_ctl are; default the newest /usr/lib/postgresql/*/bin
#   SMS_BRIDGE_POSTGRES_FSYNC  off: without waiting for the disk, for tests that do not look at it; default on
#
# The server listens on 127.0.0.1 alone, in a data folder and with a password of its own, so a server that runs already is
# never touched. PostgreSQL refuses to run as root; called by root this script runs it as the user postgres.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
self=$here/$(basename "${BASH_SOURCE[0]}")
dir=${SMS_BRIDGE_POSTGRES_DIR:-$here/../.local/postgres}
boot_seconds=60

source "$here/private-server.sh"

find_bin() {
  if [ -n "${SMS_BRIDGE_POSTGRES_BIN:-}" ]; then echo "$SMS_BRIDGE_POSTGRES_BIN"; return; fi
  local found
  found=$(find /usr/lib/postgresql -path '*/bin/pg_ctl' 2>/dev/null | sort -V | tail -1)
  [ -z "$found" ] || dirname "$found"
}

password() { od -An -N12 -tx4 /dev/urandom | tr -d ' \n'; }

settle() {
  bin=$(find_bin)
  [ -n "$bin" ] && [ -x "$bin/pg_ctl" ] || die "no PostgreSQL here (install postgresql, or set SMS_BRIDGE_POSTGRES_BIN)"
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd)
  if [ -n "${SMS_BRIDGE_POSTGRES_PORT:-}" ]; then echo "$SMS_BRIDGE_POSTGRES_PORT" > "$dir/port"; fi
  port=$(remember port free_port)
  secret=$(umask 077; remember password password)
  # The data may have to belong to another user, who must be able to reach them.
  data=$dir/data
  if [ "$(id -u)" = 0 ]; then data=$(remember place place); fi
}

# Where root puts the data: the folders above the repository may be closed to the user postgres.
place() { mktemp -d "${TMPDIR:-/tmp}/sms-bridge-postgres.XXXXXX"; }

# Runs a program as a user that is not root.
as_user() {
  if [ "$(id -u)" != 0 ]; then "$@"; return; fi
  id postgres >/dev/null 2>&1 || die "PostgreSQL does not run as root, and there is no user postgres"
  ( cd /; exec setpriv --reuid=postgres --regid=postgres --init-groups env HOME=/ "$@" )
}

is_running() { as_user "$bin/pg_ctl" -D "$data" status >/dev/null 2>&1; }

make() {
  [ ! -s "$data/PG_VERSION" ] || return 0
  mkdir -p "$data"
  chmod 700 "$data"
  local words
  words=$(mktemp)
  echo "$secret" > "$words"
  if [ "$(id -u)" = 0 ]; then chown postgres: "$data" "$words"; fi
  as_user "$bin/initdb" -D "$data" -U sms -A scram-sha-256 --pwfile="$words" -E UTF8 --no-locale >"$dir/initdb.log" 2>&1 \
    || { tail -5 "$dir/initdb.log" >&2; die "initdb failed"; }
  rm -f "$words"
}

configure() {
  cat > "$dir/postgresql.auto" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
max_connections = 200
shared_buffers = 64MB
fsync = ${SMS_BRIDGE_POSTGRES_FSYNC:-on}
log_min_messages = warning
logging_collector = off
CONF
  as_user tee "$data/postgresql.auto.conf" < "$dir/postgresql.auto" >/dev/null
}

start() {
  make
  is_running && return
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then die "another process listens on port $port"; fi
  configure
  as_user "$bin/pg_ctl" -D "$data" -l "$data/server.log" -w -t "$boot_seconds" start </dev/null >/dev/null 2>&1 \
    || { as_user tail -20 "$data/server.log" >&2; die "the server did not start within $boot_seconds s"; }
}

stop() {
  is_running || return 0
  as_user "$bin/pg_ctl" -D "$data" -m fast -w -t "$boot_seconds" stop >/dev/null 2>&1 \
    || as_user "$bin/pg_ctl" -D "$data" -m immediate -w stop >/dev/null 2>&1 \
    || die "the server does not stop"
}

# Ends the postmaster and its children as a crash of the machine would; their data stay as they are on the disk.
kill_all() {
  local postmaster children
  postmaster=$(as_user head -1 "$data/postmaster.pid" 2>/dev/null) || die "it is not running"
  children=$(ps -o pid= --ppid "$postmaster" || true)
  # shellcheck disable=SC2086
  as_user kill -KILL "$postmaster" $children 2>/dev/null || true
  local _
  for _ in $(seq 50); do
    is_running || return 0
    sleep 0.1
  done
  die "it does not end"
}

url() { echo "postgres://sms:$secret@127.0.0.1:$port/postgres"; }

case "${1:-}" in
  start) settle; start ;;
  stop) settle; stop ;;
  restart) settle; stop; start ;;
  status) settle; if is_running; then echo running; else echo stopped; exit 3; fi ;;
  env) settle
    echo "export STORE_URL='$(url)'"
    echo "export SMS_BRIDGE_TEST_POSTGRES='$(url)'"
    echo "export SMS_BRIDGE_TEST_POSTGRES_CTL='$self'"
    echo "export SMS_BRIDGE_POSTGRES_DIR='$dir'" ;;
  sql) shift; settle; PGPASSWORD=$secret exec psql -h 127.0.0.1 -p "$port" -U sms -d postgres "$@" ;;
  kill) settle; kill_all ;;
  wipe) settle; stop; rm -rf "$dir" "$data"
    rmdir "${TMPDIR:-/tmp}/sms-bridge-port-$port" 2>/dev/null || true ;;
  *) sed -n '2,20p' "$self" | sed 's/^# \{0,1\}//'; exit 2 ;;
esac
