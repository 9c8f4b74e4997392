#!/bin/sh
# Makes the broker's users from passwords that are given at run time, and becomes the image's own entrypoint.
#
# definitions.json cannot read the environment, so only the users' permissions stand there. This writes a copy of it that
# has the users too: names, tags and salted hashes, no password. Each password comes from its variable, or from the file
# that <variable>_FILE names. Since the copy is imported at every boot, a changed password holds from the next start on.
set -eu

topology=/etc/rabbitmq/definitions.json
definitions=/run/rabbitmq-definitions
home=/var/lib/rabbitmq

die() {
    echo "entrypoint: $*" >&2
    exit 78
}

# The password that variable $1 gives, or file $1_FILE.
password() {
    eval "text=\${$1:-} file=\${$1_FILE:-}"
    if [ -n "$file" ]; then
        [ -z "$text" ] || die "$1 and $1_FILE are both set; keep one of them"
        text=$(cat "$file") || die "$1_FILE names $file, which cannot be read"
    fi
    [ -n "$text" ] || die "$1 is missing"
    case $text in
    *[!A-Za-z0-9._~-]*) die "$1 has a character that would have to be escaped in a URL; take letters and digits" ;;
    esac
    [ ${#text} -ge 16 ] || die "$1 is shorter than 16 characters; take: openssl rand -hex 24"
    printf %s "$text"
}

# Reads hexadecimal digits, writes the bytes (in octal on the way: no POSIX printf has to know \x).
bytes() { printf "$(printf '\\%03o' $(sed 's/../0x& /g'))"; }

# RabbitMQ's hash of password $1: a salt of four bytes, and SHA-256 of salt and password.
hash() {
    salt=$(od -An -N4 -tx1 /dev/urandom | tr -d ' \n')
    digest=$({ printf %s "$salt" | bytes; printf %s "$1"; } | sha256sum | cut -d ' ' -f 1)
    printf %s "$salt$digest" | bytes | base64 | tr -d '\n'
}

# One user: name $1, tags $2, password hash $3.
user() {
    printf '    {"name": "%s", "tags": "%s", "hashing_algorithm": "rabbit_password_hashing_sha256", "password_hash": "%s", "limits": {}}' \
        "$1" "$2" "$3"
}

if [ "${1:-}" = rabbitmq-server ]; then
    umask 077
    mkdir -p "$definitions"
    service=$(password AMQP_PASSWORD)
    publisher=$(password AMQP_PUBLISHER_PASSWORD)
    consumer=$(password AMQP_CONSUMER_PASSWORD)
    admin=$(password AMQP_ADMIN_PASSWORD)
    # One file, with the users put in behind its first line: 3.10 reads no folder.
    [ "$(head -n 1 "$topology")" = "{" ] || die "$topology does not begin with a line that is {"
    {
        printf '{\n  "users": [\n'
        user sms-bridge "" "$(hash "$service")" && printf ',\n'
        user publisher "" "$(hash "$publisher")" && printf ',\n'
        user consumer "" "$(hash "$consumer")" && printf ',\n'
        user admin administrator "$(hash "$admin")"
        printf '\n  ],\n'
        tail -n +2 "$topology"
    } >"$definitions/definitions.json"

    # A health check that comes before the server would make the cookie as root, and the server could not read it.
    if [ ! -s "$home/.erlang.cookie" ]; then
        od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$home/.erlang.cookie"
    fi
    # The key of TLS may be readable by root alone where it comes from.
    if [ -f /run/secrets/rabbitmq_key ]; then
        mkdir -p /run/rabbitmq-tls
        cat /run/secrets/rabbitmq_key >/run/rabbitmq-tls/server.key
    fi
    if [ "$(id -u)" = 0 ]; then
        chown -R rabbitmq "$definitions" "$home/.erlang.cookie"
        [ ! -d /run/rabbitmq-tls ] || chown -R rabbitmq /run/rabbitmq-tls
    fi
    unset AMQP_PASSWORD AMQP_PUBLISHER_PASSWORD AMQP_CONSUMER_PASSWORD AMQP_ADMIN_PASSWORD
    unset service publisher consumer admin
    umask 022
fi

exec docker-entrypoint.sh "$@"
