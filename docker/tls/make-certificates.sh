#!/usr/bin/env bash
# Makes a certificate authority of its own, and certificates for RabbitMQ and for its clients, in tls/certificates:
#
#   docker/tls/make-certificates.sh [CLIENT...]     default: sms-bridge
#
# SERVER_NAMES (default "rabbitmq localhost") are the names by which clients reach the broker; DAYS (default 825) is how
# long the certificates hold. What is there stays, so that a further client can be added; rm -r certificates starts anew.
#
# The folder may be entered by its owner alone. The files in it are readable, for they are mounted one by one into
# containers whose users are others: so do not loosen the folder.
set -euo pipefail
cd "$(dirname "$0")"
umask 077
mkdir -p certificates
cd certificates

read -ra names <<<"${SERVER_NAMES:-rabbitmq localhost}"
days=${DAYS:-825}

# A key and a certificate named $1, signed by the authority, with the extensions $2.
issue() {
    [[ -e $1.crt ]] && return
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
    openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days "$days" -sha256 \
        -extfile <(printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n%b\n' "$2") -out "$1.crt"
    rm "$1.csr"
    chmod 644 "$1.key" "$1.crt"
}

if [[ ! -e ca.crt ]]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 3650 -subj "/CN=sms-bridge CA" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign -keyout ca.key -out ca.crt
    chmod 644 ca.crt
fi
alternatives=$(printf ',DNS:%s' "${names[@]}")
issue server "extendedKeyUsage=serverAuth\nsubjectAltName=${alternatives:1}"
for client in "${@:-sms-bridge}"; do
    issue "$client" "extendedKeyUsage=clientAuth"
done
echo "certificates are in $PWD; keep ca.key where no container sees it" >&2
