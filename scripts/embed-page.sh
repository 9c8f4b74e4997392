#!/bin/sh
# Writes the files of the simulator's page, Sources/VonageSimulator/Page/assets, into the Swift constants that the binary
# serves: one file each in Sources/VonageSimulator/Page/Embedded.
#
#   embed-page.sh           writes them
#   embed-page.sh check     exits 1, and says so, when they are not up to date
set -eu
cd "$(dirname "$0")/.."
assets=Sources/VonageSimulator/Page/assets
out=Sources/VonageSimulator/Page/Embedded

# The type of a file: PageIndexHTML of index.html.
type_of() {
    stem=${1%.*}
    printf 'Page%s%s%s' "$(printf %.1s "$stem" | tr a-z A-Z)" "${stem#?}" "$(printf %s "${1##*.}" | tr a-z A-Z)"
}

write() {
    mkdir -p "$1"
    rm -f "$1"/*+Generated.swift
    for file in "$assets"/*; do
        name=${file##*/}
        type=$(type_of "$name")
        {
            printf '// Written by scripts/embed-page.sh: change %s instead.\n\n' "$file"
            printf '/// `%s` of the page, as the binary carries it.\nenum %s {\n' "$name" "$type"
            printf '    /// The whole file.\n    static let text = #"""\n'
            sed -e '/./s/^/        /' "$file"
            printf '\n        """#\n}\n'
        } >"$1/$type+Generated.swift"
    done
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
        echo "$out differs from $assets: run scripts/embed-page.sh" >&2
        exit 1
    }
    ;;
*)
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 64
    ;;
esac
