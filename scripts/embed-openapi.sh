#!/bin/sh
# Writes docs/openapi.yaml into the Swift constants that the binary serves; HTTPAPITests holds the two against each other.
set -eu
cd "$(dirname "$0")/.."
out=Sources/HTTPAPI/Contracts

part() { # name, summary, what of the file
    {
        printf '// Written by scripts/embed-openapi.sh: change docs/openapi.yaml instead.\n'
        printf 'extension OpenAPIDocument {\n    /// %s\n    static let %s = #"""\n' "$2" "$1"
        sed -n "$3" docs/openapi.yaml | sed -e 's/^\(.\)/        \1/'
        printf '\n        """#\n}\n'
    } >"$out/OpenAPIDocument+$4.swift"
}

mkdir -p "$out"
part paths 'What is served.' '1,/^components:/{/^components:/!p;}' Paths
part components 'What is told.' '/^components:/,$p' Components
