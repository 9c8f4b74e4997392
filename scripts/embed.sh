# For the scripts that write files into Swift constants (sourced by sh).

# Writes standard input as one string literal: $1 script, $2 type, $3 source, $4 what it is, $5 all of it, $6 folder.
embed() {
    {
        printf '// Written by %s: change %s instead.\n\n' "$1" "$3"
        printf '/// %s, as the binary carries it.\nenum %s {\n' "$4" "$2"
        printf '    /// The whole %s.\n    static let text = #"""\n' "$5"
        sed -e '/./s/^/        /'
        printf '\n        """#\n}\n'
    } >"$6/$2+Generated.swift"
}

# A folder for fresh files, which goes when the script ends; its path is in $fresh.
make_fresh() {
    fresh=$(mktemp -d)
    trap 'rm -rf "$fresh"' EXIT
}

# Ends the script, with what is out of date: $1 what and of what, $2 script.
give_up() {
    echo "$1: run $2" >&2
    exit 1
}

# Prints the script's own head as its help, and ends it.
usage() {
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 64
}
