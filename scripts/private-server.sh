# What the private servers' scripts share; sourced by them, after `dir`, the folder that a server owns.

die() { echo "$(basename "$0"): $*" >&2; exit 1; }

# A free TCP port, below the range that the system assigns by itself.
free_port() {
  local port _
  for _ in $(seq 200); do
    port=$((RANDOM % 10000 + 20000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && mkdir "${TMPDIR:-/tmp}/sms-bridge-port-$port" 2>/dev/null
    then
      echo "$port"
      return
    fi
  done
  die "no free port found"
}

# A value that is chosen at the first start and stays, so that a restarted server finds its data and its clients.
remember() { # $1 = name, $2 = command that makes the value
  [ -s "$dir/$1" ] || $2 > "$dir/$1"
  cat "$dir/$1"
}
