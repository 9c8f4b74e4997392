package import Contracts

/// A text with every typographic character that GSM-7 does not have replaced by what looks like it.
///
/// Deterministic, and it never changes what a text says: no accents are dropped, no fractions spelled out.
package struct SmartEncoding: Hashable, Sendable {
    /// The text after replacing; what has no look-alike stands in it as before.
    package let text: String
    /// What was replaced, in order of first appearance.
    package let replaced: [Replacement]

    /// Replaces what can be replaced.
    package init(of original: String) {
        var text = String.UnicodeScalarView()
        var tally = Tally()
        for character in original {
            if character.unicodeScalars.allSatisfy({ GSM7.septets(of: $0) != nil }) {
                text.append(contentsOf: character.unicodeScalars)
            } else if let composed = Self.composed[character] {
                text.append(contentsOf: composed.unicodeScalars)
                tally.note(String(character), by: composed)
            } else if Self.canReplace(String(character)) {
                for scalar in character.unicodeScalars {
                    if let lookAlike = LookAlikes.table[scalar] {
                        text.append(contentsOf: lookAlike.unicodeScalars)
                        tally.note(String(scalar), by: lookAlike)
                    } else {
                        text.append(scalar)
                    }
                }
            } else {
                text.append(contentsOf: character.unicodeScalars)
            }
        }
        self.text = String(text)
        self.replaced = tally.replacements
    }

    /// Whether GSM-7 has all of a character, or look-alikes for what it lacks.
    package static func canReplace(_ character: String) -> Bool {
        if character.count == 1, let only = character.first, composed[only] != nil { return true }
        return character.unicodeScalars.allSatisfy { GSM7.septets(of: $0) != nil || LookAlikes.table[$0] != nil }
    }

    /// The characters of GSM-7 by themselves: canonically equivalent spellings (a letter and a combining accent, the
    /// ohm sign) are equal as `Character` and find the one that GSM-7 has.
    private static let composed: [Character: String] = {
        var table: [Character: String] = [:]
        for character in GSM7.alphabet + GSM7.extensionTable { table[character] = String(character) }
        return table
    }()

    /// Counts replacements and keeps the order of their first appearance.
    private struct Tally {
        private var order: [String] = []
        private var entries: [String: (by: String, count: Int)] = [:]

        mutating func note(_ char: String, by lookAlike: String) {
            if entries[char] == nil { order.append(char) }
            entries[char, default: (lookAlike, 0)].count += 1
        }

        var replacements: [Replacement] {
            order.compactMap { char in
                entries[char].map { Replacement(char: char, by: $0.by, count: $0.count) }
            }
        }
    }
}
