#!/bin/sh
# Writes the files of the simulator's page, Sources/VonageSimulator/Page/assets, into the Swift constants that the binary
# serves: one file each in Sources/VonageSimulator/Page/Embedded.
#
#   embed-page.sh           writes them
#   embed-page.sh check     exits 1, and says so, when they are not up to date
set -eu
cd "$(dirname "$0")/.."
. scripts/embed.sh
me=scripts/embed-page.sh
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
        embed $me "$(type_of "$name")" "$file" "\`$name\` of the page" file "$1" <"$file"
    done
}

case ${1:-} in
'')
    write "$out"
    ;;
check)
    make_fresh
    write "$fresh"
    diff -r "$fresh" "$out" >/dev/null || give_up "$out differs from $assets" $me
    ;;
*)
    usage
    ;;
esac
