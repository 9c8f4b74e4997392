internal import Configuration

/// The YAML file, read: one mapping from variables' names to scalars.
///
/// swift-configuration parses the file, but cannot list its keys, and makes names of its own from nested ones. In a flat
/// file every key begins a line, so the names are read from there; what begins a line and is no key is a problem.
struct FlatYAMLFile {
    /// The names that it sets, in their order.
    private(set) var names: [String] = []
    /// The values by name, as text; empty ones and `null` are left out.
    private(set) var values: [String: String] = [:]
    /// What is wrong with the file as a whole, or with a key.
    private(set) var problems: [String] = []

    /// Reads the text of a file.
    init(_ text: String) {
        names = Self.names(in: text, problems: &problems)
        guard !names.isEmpty else { return }
        let bytes = Array(text.utf8)
        let snapshot: YAMLSnapshot
        do {
            snapshot = try unsafe YAMLSnapshot(data: bytes.span.bytes, providerName: "YAML", parsingOptions: .default)
        } catch {
            // Only the first line: the next ones quote the file, which may hold a secret.
            let reason = String(describing: error).split(whereSeparator: \.isNewline).first ?? ""
            problems.append("is not valid YAML: \(reason)")
            return
        }
        for name in names {
            let result = try? snapshot.value(forKey: AbsoluteConfigKey([name]), type: .string)
            guard case .string(let value)? = result?.value?.content else {
                problems.append("has \(name) with a value that is no scalar; lists are written as text, with commas")
                continue
            }
            if !["", "~", "null"].contains(value) { values[name] = value }
        }
    }

    private static func names(in text: String, problems: inout [String]) -> [String] {
        var names: [String] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard let first = line.first, !first.isWhitespace, first != "#", !isMarker(line) else { continue }
            let name = line.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            let rest = line.dropFirst(name.count)
            let isKey = rest.first == ":" && (rest.dropFirst().first.map(\.isWhitespace) ?? true)
            if !name.isEmpty, isKey {
                names.append(String(name))
            } else {
                problems.append("has no 'NAME: value' in line \(index + 1)")
            }
        }
        return names
    }

    private static func isMarker(_ line: Substring) -> Bool { line.hasPrefix("---") || line.hasPrefix("...") }
}
