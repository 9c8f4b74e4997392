#!/usr/bin/env bash
# The version of what is built here, for `--version`, `build_info` and the image's labels.
#
#   scripts/version.sh          prints it
#   scripts/version.sh write    puts it into Sources/App/Serve/BuiltVersion.swift: for the copy of the sources that an
#                               image is built from, never for a work tree
#
# VERSION=1.2.3 names it. Without it: a tagged commit is its tag without the v (1.2.3), a later one what
# `git describe` makes of it (1.2.3-14-g60419ef, with -dirty where files were changed); without any tag, or without git,
# it is the version to come and -dev, with the commit where that is known (0.1.0-dev+60419ef): no release has that name.
set -euo pipefail
cd "$(dirname "$0")/.."

next=$(sed -n 's/.*static let next = "\(.*\)"/\1/p' Sources/App/Serve/Version.swift)
file=Sources/App/Serve/BuiltVersion.swift

version() {
    local described
    if [[ -n ${VERSION:-} && $VERSION != dev ]]; then
        echo "${VERSION#v}"
    elif described=$(git describe --tags --match 'v[0-9]*' --dirty 2>/dev/null); then
        echo "${described#v}"
    elif described=$(git describe --always --exclude '*' --dirty 2>/dev/null); then
        echo "$next-dev+${described//-/.}"
    elif [[ -n ${REVISION:-} && $REVISION != unknown ]]; then
        echo "$next-dev+${REVISION:0:12}"
    else
        echo "$next-dev"
    fi
}

text=$(version)
if [[ ! $text =~ ^[0-9A-Za-z][0-9A-Za-z.+-]{0,99}$ ]]; then
    echo "error: '$text' is not a version: letters, digits, dots, + and -, at most 100" >&2
    exit 64
fi
case ${1:-} in
'')
    echo "$text"
    ;;
write)
    sed "s/static let text: String? = .*/static let text: String? = \"$text\"/" "$file" >"$file.new"
    mv "$file.new" "$file"
    ;;
*)
    sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
    exit 64
    ;;
esac
