#!/bin/sh
# Writes docs/openapi.yaml and docs/asyncapi.yaml into the Swift constants that the binary serves.
#
#   embed-contracts.sh              writes them
#   embed-contracts.sh check        exits 1, and says so, when they are not up to date
#   embed-contracts.sh asyncapi     prints the AsyncAPI document as it is served
#
# What is served has to stand alone: docs/schemas/*.json become components/schemas of the AsyncAPI document, which
# ends with that section. JSON is YAML, so they are only indented, and their $refs pointed at their new places.
set -eu
cd "$(dirname "$0")/.."
out=Sources/HTTPAPI/Contracts
limit=500 # lines in a file

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

# Splits standard input into files of so many lines: $1 type, $2 source, $3 folder.
embed() {
    awk -v type="$1" -v source="$2" -v folder="$3" -v limit="$limit" '
        function finish() {
            if (part) { printf "\n        \"\"\"#\n}\n" >file; close(file) }
        }
        (NR - 1) % limit == 0 {
            finish()
            part++
            names = names (part > 1 ? ", " : "") "part" part
            file = folder "/" type "+Part" part ".swift"
            print "// Written by scripts/embed-contracts.sh: change " source " instead." >file
            print "extension " type " {" >file
            print "    /// Lines from " NR " on." >file
            print "    static let part" part " = #\"\"\"" >file
        }
        { print ($0 == "" ? "" : "        " $0) >file }
        END {
            finish()
            file = folder "/" type ".swift"
            print "// Written by scripts/embed-contracts.sh." >file
            print "/// " source ", as the binary carries it." >file
            print "enum " type " {" >file
            print "    /// The whole document." >file
            print "    static var text: String { [" names "].joined() }" >file
            print "}" >file
        }'
}

write() {
    rm -f "$1"/OpenAPIDocument*.swift "$1"/AsyncAPIDocument*.swift
    embed OpenAPIDocument docs/openapi.yaml "$1" <docs/openapi.yaml
    asyncapi | embed AsyncAPIDocument docs/asyncapi.yaml "$1"
}

case ${1:-} in
'')
    write "$out"
    ;;
check)
    fresh=$(mktemp -d)
    trap 'rm -rf "$fresh"' EXIT
    write "$fresh"
    diff -r "$fresh" "$out" >/dev/null || {
        echo "$out is not what the documents say: run scripts/embed-contracts.sh" >&2
        exit 1
    }
    ;;
asyncapi)
    asyncapi
    ;;
*)
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 64
    ;;
esac
