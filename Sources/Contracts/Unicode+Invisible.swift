extension Unicode.Scalar {
    /// Whether it is invisible: what Unicode lets a reader ignore (joiners, marks of direction, soft hyphens, variation
    /// selectors, fillers), format characters, and control characters that are not white space (Unicode 15, section
    /// 5.21).
    package var isInvisible: Bool {
        if value < 0x7F, value >= 0x20 { return false }
        if properties.isWhitespace { return false }
        switch properties.generalCategory {
        case .control, .format: return true
        default: return properties.isDefaultIgnorableCodePoint
        }
    }

    /// How errors name it: `U+00A0`.
    package var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
