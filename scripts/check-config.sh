#!/usr/bin/env bash
# Checks what operators copy: alerts, their tests and their routing (with promtool and amtool, where they are installed;
# Debian: prometheus, prometheus-alertmanager), and the Kubernetes manifests. With --all a missing tool is an error.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/lib.sh

with() {
    local tool=$1
    shift
    if command -v "$tool" >/dev/null; then
        "$@" || die "$*"
    elif [[ $all == true ]]; then
        die "$tool is not installed"
    else
        say "not checked, for $tool is not installed: $*"
    fi
}

all=false
[[ ${1:-} != --all ]] || all=true
python=/usr/bin/python3
"$python" -c 'import yaml' 2>/dev/null || die "python3-yaml is not installed"

with promtool promtool check config config/prometheus/prometheus.yaml
with promtool promtool test rules config/prometheus/sms-bridge.rules.test.yaml
with amtool amtool check-config config/alertmanager/alertmanager.yaml
"$python" scripts/check-inhibition.py
"$python" -B scripts/kubernetes/test_check.py
"$python" -B scripts/kubernetes/check.py
