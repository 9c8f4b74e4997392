#!/usr/bin/env bash
# Checks a running service against docs/openapi.yaml with schemathesis: every operation with right and wrong input; no
# 5xx that is not documented, no status, type, header or body outside the contract.
#
#   KEY_FILE=<file with a key of the API> scripts/attack/contract.sh http://127.0.0.1:3000
#
# It leaves out /events, whose answer lasts for minutes. It really sends: have the service use a simulated provider.
# EXAMPLES (default 50) for each operation, SECONDS_LIMIT (default 600) in all, SEED. schemathesis is installed by pip
# into .local/attack/venv, where nothing else sees it.
set -euo pipefail
cd "$(dirname "$0")/../.."
source scripts/lib.sh

version=4.32.5
url=${1:?usage: contract.sh URL}
seed=${SEED:-$RANDOM}
venv=$PWD/.local/attack/venv
key=$(<"${KEY_FILE:?a file with a key of the API}")

if ! "$venv/bin/python" -c "from importlib.metadata import version as v; assert v('schemathesis') == '$version'" 2>/dev/null; then
    say "installing schemathesis $version"
    python3 -m venv --clear "$venv" || die "python3 has no venv; on Debian: apt install python3-venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"
fi

say "the contract, up to ${EXAMPLES:-50} examples an operation; SEED=$seed"
# Wrong keys are not tried, since ten of them hold up the address; what is required beyond the schema (a number that
# exists) cannot be checked by the schema alone.
cd "$venv/.."
PYTHONPATH=$OLDPWD/scripts/attack SCHEMATHESIS_HOOKS=contract_checks \
    exec timeout --signal=INT --kill-after=20 "${SECONDS_LIMIT:-600}" "$venv/bin/st" run "$OLDPWD/docs/openapi.yaml" --url "$url" \
    --header "Authorization: Bearer $key" --generation-with-security-parameters false \
    --exclude-path /events --phases examples,coverage,fuzzing --max-examples "${EXAMPLES:-50}" --seed "$seed" --generation-database none \
    --checks documented_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance \
    --continue-on-failure --request-timeout 90 --suppress-health-check all --warnings off --no-color
