/// Arguments in a statement's text.
enum Placeholders {
    /// Writes `?` and `?7` as PostgreSQL does, `$1` and `$7`; what is quoted stays as it is.
    static func numbered(_ sql: String) -> String {
        var text = ""
        text.reserveCapacity(sql.utf8.count + 16)
        var next = 1
        var isQuoted = false
        var rest = sql[...]
        while let character = rest.popFirst() {
            if character == "'" { isQuoted.toggle() }
            guard character == "?", !isQuoted else {
                text.append(character)
                continue
            }
            let digits = rest.prefix(while: \.isNumber)
            text.append("$")
            if digits.isEmpty {
                text.append("\(next)")
                next += 1
            } else {
                text.append(contentsOf: digits)
                rest.removeFirst(digits.count)
            }
        }
        return text
    }
}
