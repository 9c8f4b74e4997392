#!/usr/bin/env bash
# Removes what was built and what `make run` keeps; a private node that still runs is stopped first.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ -d .local/rabbitmq ]]; then scripts/rabbitmq.sh wipe || true; fi
rm -rf .build .build-bench .local
