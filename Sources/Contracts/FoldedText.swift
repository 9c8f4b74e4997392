import Foundation

/// A word or two as keywords are compared: how a handset has written it does not matter (docs/compliance.md).
package enum FoldedText {
    /// Characters that are read; every keyword is far shorter.
    private static let limit = 200

    /// Folds a text: compatibility forms (NFKC), case (ß is ss, ς is σ, all four i's of Turkish are i), invisible
    /// characters, punctuation and symbols make no difference, and white space between words is one blank.
    ///
    /// - Returns: nil when it is far longer than any keyword; a text of nothing but punctuation is empty.
    package static func of(_ text: String) -> String? {
        var visible = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars where !scalar.isInvisible {
            // NFKC would make a blank and a combining mark of an accent that stands alone.
            if scalar.properties.generalCategory == .modifierSymbol { continue }
            count += 1
            guard count <= limit else { return nil }
            visible.append(scalar)
        }
        let folded = String(visible).precomposedStringWithCompatibilityMapping.lowercased().uppercased().lowercased()
            .precomposedStringWithCompatibilityMapping
        var words = String.UnicodeScalarView()
        var isBehindBlank = false
        for scalar in folded.unicodeScalars {
            if scalar.properties.isWhitespace {
                isBehindBlank = true
                continue
            }
            if scalar.isInvisible || isPunctuation(scalar) { continue }
            // İ in lower case is i and this dot above.
            if scalar == "\u{307}", words.last == "i" { continue }
            if isBehindBlank, !words.isEmpty { words.append(" ") }
            isBehindBlank = false
            words.append(scalar == "ı" ? "i" : scalar)
        }
        return String(words)
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            true
        default: false
        }
    }
}
