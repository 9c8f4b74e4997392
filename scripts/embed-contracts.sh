#!/bin/sh
# Writes docs/openapi.yaml, docs/asyncapi.yaml and the console's page into the Swift constants that the binary serves.
#
#   embed-contracts.sh              writes them
#   embed-contracts.sh check        exits 1, and says so, when they are not up to date
#   embed-contracts.sh asyncapi     prints the AsyncAPI document as it is served
#
# What is served has to stand alone: docs/schemas/*.json become components/schemas of the AsyncAPI document, which
# ends with that section. JSON is YAML, so they are only indented, and their $refs pointed at their new places.
set -eu
cd "$(dirname "$0")/.."
. scripts/embed.sh
me=scripts/embed-contracts.sh
out=Sources/HTTPAPI/Contracts
page=Sources/HTTPAPI/Console/Page
console=Sources/HTTPAPI/Console

asyncapi() {
    sed -e 's|"\./schemas/\([a-z-]*\)\.json\(#\)\{0,1\}|"#/components/schemas/\1|' docs/asyncapi.yaml
    for file in docs/schemas/*.json; do
        name=$(basename "$file" .json)
        printf '    %s:\n' "$name"
        sed -e '/^  "\$schema": /d' -e '/^  "\$id": /d' \
            -e "s|\"#/\\\$defs/|\"#/components/schemas/$name/\$defs/|g" \
            -e 's|"\([a-z-]*\)\.json#/|"#/components/schemas/\1/|g' \
            -e 's/^/      /' "$file"
    done
}

write() {
    rm -f "$1"/OpenAPIDocument*.swift "$1"/AsyncAPIDocument*.swift
    embed $me OpenAPIDocument docs/openapi.yaml docs/openapi.yaml document "$1" <docs/openapi.yaml
    asyncapi | embed $me AsyncAPIDocument docs/asyncapi.yaml docs/asyncapi.yaml document "$1"
}

# The type that holds a file of the page: overview.js is ConsoleOverviewScript.
page_type() {
    file=${1##*/}
    case $file in
    console.html) echo ConsolePage ;;
    console.css) echo ConsoleStyle ;;
    *.js)
        word=${file%.js}
        rest=${word#?}
        echo "Console$(printf %s "${word%"$rest"}" | tr a-z A-Z)${rest}Script"
        ;;
    esac
}

# The page's files, one Swift file each, and a table of those that the page names: $1 folder.
write_page() {
    rm -f "$1"/Console*Generated.swift
    for file in "$page"/*; do embed $me "$(page_type "$file")" "$file" "$file" document "$1" <"$file"; done
    {
        printf '// Written by %s, with a row for each file of %s.\n\n' $me "$page"
        printf '/// What the page asks for, by name.\nenum ConsoleFiles {\n    /// The text of each file.\n'
        printf '    static let all: [String: String] = [\n'
        for file in "$page"/*.css "$page"/*.js; do
            printf '        "%s": %s.text,\n' "${file##*/}" "$(page_type "$file")"
        done
        printf '    ]\n}\n'
    } >"$1/ConsoleFiles+Generated.swift"
}

case ${1:-} in
'')
    write "$out"
    write_page "$console"
    ;;
check)
    make_fresh
    mkdir "$fresh/contracts" "$fresh/console"
    write "$fresh/contracts"
    write_page "$fresh/console"
    { diff -r "$fresh/contracts" "$out" && diff -r -x Page "$fresh/console" "$console"; } >/dev/null ||
        give_up "$out or $console differs from what it is made of" $me
    ;;
asyncapi)
    asyncapi
    ;;
*)
    usage
    ;;
esac
