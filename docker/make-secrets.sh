#!/usr/bin/env bash
# Makes the files of secrets that docker/compose.yaml mounts, in docker/secrets (or the folder that SECRETS_DIR names):
#
#   docker/make-secrets.sh               passwords of RabbitMQ's users, and a key of the HTTP API
#   docker/make-secrets.sh simulator     made-up secrets of a provider as well, for the simulator
#
# What is there stays, so that it can be run again. Each secret is made up, unless a variable of its name in upper case
# gives it (AMQP_PASSWORD for amqp_password). To change one, remove its file, run this again, and then:
#
#   docker compose -f docker/compose.yaml up -d --force-recreate
#
# The folder may be entered by its owner alone. The files in it are readable, for they are mounted one by one into
# containers whose users are others: so do not loosen the folder.
set -euo pipefail
cd "$(dirname "$0")"
folder=${SECRETS_DIR:-secrets}
umask 077
mkdir -p "$folder"
cd "$folder"
chmod 700 .

# Writes text $2 to file $1, whole or not at all.
write() {
    printf '%s\n' "$2" >".$1.new"
    chmod 644 ".$1.new"
    mv ".$1.new" "$1"
}

# A secret named $1.
make() {
    local variable=${1^^}
    [[ -s $1 ]] || write "$1" "${!variable:-$(openssl rand -hex 24)}"
}

for name in amqp_password amqp_publisher_password amqp_consumer_password amqp_admin_password api_keys; do make "$name"; done
for name in vonage_api_secret vonage_signature_secret webhook_token; do
    # Vonage's own are not made up, unless for the simulator.
    variable=${name^^}
    if [[ -n ${!variable:-} || (${1:-} == simulator && $name != webhook_token) ]]; then make "$name"; fi
done
# The addresses hold the password, so they are secrets too. They follow it.
password=$(<amqp_password)
files='cacertfile=/run/secrets/amqp_ca&certfile=/run/secrets/amqp_certificate&keyfile=/run/secrets/amqp_key'
write amqp_url "amqp://sms-bridge:$password@rabbitmq:5672/"
write amqps_url "amqps://sms-bridge:$password@rabbitmq:5671/?$files"
echo "secrets are in $PWD" >&2
