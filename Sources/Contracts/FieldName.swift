/// Whether one field name looks like another, misspelt.
package enum FieldName {
    /// Whether a name is not one of some fields but looks like one of them.
    package static func isMisspelt(_ written: String, of known: [String]) -> Bool {
        !known.contains(written) && known.contains { looksLike(written, $0) }
    }

    /// Names are alike when they differ in case, `_` and `-` alone, or in so few letters that no two fields of the
    /// contract do.
    ///
    /// - Returns: whether they are alike.
    static func looksLike(_ written: String, _ known: String) -> Bool {
        // Nothing of that length is alike, and comparing costs its square.
        guard written.utf8.count <= known.utf8.count + 6 else { return false }
        let (a, b) = (bare(written), bare(known))
        if a == b { return true }
        let allowed = b.count < 3 ? 0 : b.count < 8 ? 1 : 2
        return allowed > 0 && distance(a, b) <= allowed
    }

    private static func bare(_ name: String) -> [Unicode.Scalar] {
        name.lowercased().unicodeScalars.filter { $0 != "_" && $0 != "-" && $0 != " " }
    }

    /// Letters to put in, take out, replace or swap with their neighbour (Damerau and Levenshtein's distance).
    private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
        var rows = [Array(0...b.count)]
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                var best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { best = min(best, rows[i - 2][j - 2] + 1) }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
