#!/usr/bin/env bash
# Installs by apt what building and running need and this machine lacks, and says so; when nothing is missing it does
# nothing. With --no-broker RabbitMQ itself is not needed; with --tests what the tests check documents with is, too; with
# --lint promtool and amtool, which Debian has only together with the servers: for CI; with --examples the AMQP
# clients of the languages in examples/; with --browser Chromium and its driver, for the tests of the pages.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

# `setup.sh --install PACKAGE...` is the part that needs root; this script calls itself for it.
#
# Debian starts a service as soon as its package is installed. Only the program is wanted here, not a broker on the
# usual port: a policy-rc.d that exits with 101 (not allowed) is Debian's own way to prevent that, and it is removed
# again. A broker that was installed before is left as it is.
install_packages() {
    local policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
        trap "rm -f $policy" EXIT
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod 755 $policy
    fi
    export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
    apt-get -q -o DPkg::Lock::Timeout=300 update </dev/null ||
        echo "apt-get update failed; trying with the lists that are here" >&2
    apt-get -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends --no-upgrade install "$@" </dev/null
    if [[ " $* " == *" postgresql "* && -d /run/systemd/system ]]; then
        systemctl --quiet disable postgresql.service || true
        echo "the packaged PostgreSQL is not started, now or at boot; the tests use a server of their own" >&2
    fi
    if [[ " $* " == *" rabbitmq-server "* && -d /run/systemd/system ]]; then
        systemctl --quiet disable rabbitmq-server.service || true
        echo "the packaged rabbitmq-server.service is not started, now or at boot; make run uses a node of its own" >&2
    fi
}

if [[ ${1:-} == --install ]]; then
    shift
    install_packages "$@"
    exit
fi

needs_broker=true
needs_checker=false
needs_tools=false
needs_examples=false
needs_browser=false
for option in "$@"; do
    case $option in
        --no-broker) needs_broker=false ;;
        --tests) needs_checker=true ;;
        --lint) needs_tools=true ;;
        --examples) needs_examples=true ;;
        --browser) needs_browser=true ;;
        *) die "setup.sh has no option $option" ;;
    esac
done

has_command() { PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null; }
has_library() { has_command pkg-config && pkg-config --exists "$1"; }

# Before anything is installed, since this script cannot install it.
needed=$(sed -n 's|^// swift-tools-version: *||p' Package.swift)
has_command swift || die "Swift $needed or newer is needed: https://www.swift.org/install/linux/"
found=$(swift --version 2>/dev/null | grep -oE 'Swift version [0-9]+\.[0-9]+' | grep -oE '[0-9.]+$') || true
printf '%s\n' "$needed" "$found" | sort -CV || die "Swift $needed or newer is needed, this is $found: https://www.swift.org/install/linux/"

missing=()
has_command make || missing+=(make)
has_command curl || missing+=(curl)
has_command openssl || missing+=(openssl)
has_command pkg-config || missing+=(pkg-config)
has_library librabbitmq || missing+=(librabbitmq-dev)
has_library openssl || missing+=(libssl-dev)
has_library sqlite3 || missing+=(libsqlite3-dev)
has_library libpq || missing+=(libpq-dev)
[[ -e /usr/include/phonenumbers/phonenumberutil.h ]] || missing+=(libphonenumber-dev)
$needs_broker && { has_command rabbitmq-server || missing+=(rabbitmq-server); }
# Debian's own Python: another one on the path does not see Debian's modules.
$needs_checker && { [[ -n $(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null) ]] || missing+=(postgresql); }
$needs_checker && { /usr/bin/python3 -c 'import jsonschema, yaml' 2>/dev/null || missing+=(python3-jsonschema python3-yaml); }
if $needs_tools; then
    has_command promtool || missing+=(prometheus)
    has_command amtool || missing+=(prometheus-alertmanager)
fi

if $needs_browser; then
    has_command chromium || missing+=(chromium)
    has_command chromedriver || missing+=(chromium-driver)
fi

if $needs_examples; then
    /usr/bin/python3 -c 'import pika' 2>/dev/null || missing+=(python3-pika)
    has_command go || missing+=(golang-go)
    [[ -d /usr/share/gocode/src/github.com/rabbitmq/amqp091-go ]] || missing+=(golang-github-rabbitmq-amqp091-go-dev)
    has_command java || missing+=(default-jdk-headless)
    [[ -e /usr/share/java/amqp-client.jar ]] || missing+=(librabbitmq-client-java)
    has_command ruby && ruby -rbunny -e '' 2>/dev/null || missing+=(ruby-bunny)
    has_command php || missing+=(php-cli)
    [[ -e /usr/share/php/PhpAmqpLib/autoload.php ]] || missing+=(php-amqplib)
    has_command amqp-consume || missing+=(amqp-tools)
    has_command jq || missing+=(jq)
fi

if ((${#missing[@]} > 0)); then
    has_command apt-get || die "this machine has no apt; install by hand: ${missing[*]} (the names are Debian's)"
    say "installing by apt: ${missing[*]}"
    if ((EUID == 0)); then
        bash scripts/setup.sh --install "${missing[@]}"
    else
        has_command sudo || die "not root and no sudo here; as root, run: apt-get install ${missing[*]}"
        say "sudo may ask for your password"
        sudo bash scripts/setup.sh --install "${missing[@]}"
    fi
fi
