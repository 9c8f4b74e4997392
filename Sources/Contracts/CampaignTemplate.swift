/// A campaign's text, taken apart at its variables.
///
/// Only `{{name}}` is a variable: letters, digits, `_` and `-`. What else begins with `{{` is a problem; a value is put
/// in as it is and not looked at again.
package struct CampaignTemplate: Hashable, Sendable {
    private enum Piece: Hashable {
        case text(String)
        case variable(String)
    }

    private var pieces: [Piece] = []
    /// The variables, each once, in order of first appearance.
    package private(set) var variables: [String] = []
    /// What is wrong with the text's tags.
    package private(set) var problems: [String] = []

    /// Takes a text apart.
    package init(_ text: String) {
        // Scalar by scalar: a combining mark behind a brace must not hide it.
        var rest = Substring.UnicodeScalarView(text.unicodeScalars)
        var plain = String.UnicodeScalarView()
        while let scalar = rest.first {
            guard scalar == "{", rest.dropFirst().first == "{" else {
                plain.append(scalar)
                rest.removeFirst()
                continue
            }
            let inside = rest.dropFirst(2)
            guard let end = Self.end(in: inside) else {
                problems.append("has a {{ that is not closed")
                break
            }
            let name = String(inside[..<end])
            rest = inside[inside.index(end, offsetBy: 2)...]
            guard Self.isName(name) else {
                problems.append(#"has the tag "{{\#(name.prefix(40))}}"; only {{name}} is understood"#)
                continue
            }
            if !plain.isEmpty { pieces.append(.text(String(plain))) }
            plain = String.UnicodeScalarView()
            pieces.append(.variable(name))
            if !variables.contains(name) { variables.append(name) }
        }
        if !plain.isEmpty { pieces.append(.text(String(plain))) }
    }

    /// What a recipient lacks for this text, or has in a form that cannot be put in.
    package func problems(of recipient: CampaignCommand.Recipient) -> [String] {
        variables.compactMap { name in
            switch recipient.value(of: name) {
            case .text: nil
            case .absent: #"has no "\#(name)", which the text needs"#
            case .unusable(let kind): #"has \#(kind) as "\#(name)"; the text needs a string"#
            }
        }
    }

    /// The values that this text needs of a recipient.
    package func values(of recipient: CampaignCommand.Recipient) -> [String: String] {
        var values: [String: String] = [:]
        for name in variables {
            if case .text(let value) = recipient.value(of: name) { values[name] = value }
        }
        return values
    }

    /// The text with the values put in.
    package func render(_ values: [String: String]) -> String {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let plain): text += plain
            case .variable(let name): text += values[name] ?? ""
            }
        }
        return text
    }

    private static func end(in scalars: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView.Index? {
        scalars.indices.first { index in
            scalars[index] == "}" && scalars[scalars.index(after: index)...].first == "}"
        }
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal || scalar == "_"
                    || scalar == "-"
            }
    }
}

extension CampaignCommand.Recipient {
    /// What a field can be for a text.
    fileprivate enum Value {
        case text(String)
        case absent
        /// With what it is instead.
        case unusable(String)
    }

    /// A field as text: numbers without a fraction and booleans as JSON writes them.
    ///
    /// A fraction must come as a string, since 9.5 and 9.50 are the same JSON number.
    fileprivate func value(of name: String) -> Value {
        if name == "to" { return .text(to) }
        switch fields[name] {
        case nil, .null: return .absent
        case .string(let text): return .text(text)
        case .integer(let number): return .text(String(number))
        case .bool(let flag): return .text(String(flag))
        case .number: return .unusable("a number with a fraction")
        case .array: return .unusable("an array")
        case .object: return .unusable("an object")
        }
    }
}
