internal import Yams

/// The YAML file, read: one mapping from variables' names to scalars.
///
/// Its tree is read, not swift-configuration's view of it: that cannot list the keys, and makes names of its own from
/// nested ones.
struct FlatYAMLFile {
    /// The names that it sets, in their order.
    private(set) var names: [String] = []
    /// The values by name, as text; empty ones and `null` are left out.
    private(set) var values: [String: String] = [:]
    /// What is wrong with the file as a whole, or with a key.
    private(set) var problems: [String] = []

    /// Reads the text of a file.
    init(_ text: String) {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            // Only the first line: the next ones quote the file, which may hold a secret.
            let reason = String(describing: error).split(whereSeparator: \.isNewline).first ?? ""
            problems.append("is not valid YAML: \(reason)")
            return
        }
        switch root {
        case nil: break
        // A document without content.
        case .scalar(let scalar)? where scalar.string.isEmpty: break
        case .mapping(let mapping)?: for (key, value) in mapping { read(key, value) }
        case let other?: reportNoPair(other)
        }
    }

    private mutating func read(_ key: Node, _ value: Node) {
        guard case .scalar(let name) = key, !name.string.isEmpty else {
            reportNoPair(key)
            return
        }
        names.append(name.string)
        guard case .scalar(let scalar) = value else {
            problems.append("has a list or a mapping for \(name.string); write a list as text, with commas")
            return
        }
        if !["", "~", "null"].contains(scalar.string) { values[name.string] = scalar.string }
    }

    private mutating func reportNoPair(_ node: Node) {
        problems.append("is not 'NAME: value'" + (node.mark.map { " in line \($0.line)" } ?? ""))
    }
}
