/// A written number, taken apart: its digits, and what stood around them that means something.
struct PhoneNumberParts {
    /// All digits in ASCII, in their order.
    private(set) var digits = ""
    /// The place among the digits of a 0 that stands alone in brackets, behind other digits.
    private(set) var bracketedZero: Int?

    /// Takes a text apart.
    ///
    /// - Throws: ``PhoneNumberProblem`` for a character that no number has, a second `+`, and a decimal fraction.
    init(_ written: String) throws(PhoneNumberProblem) {
        if Self.isBare(written) {
            digits = written.hasPrefix("+") ? String(written.dropFirst()) : written
            return
        }
        var hasPlus = false
        var openBracket: Int?
        var dots: [Int] = []
        var isOnlyDigitsSoFar = true
        var isFractionHead = true
        for (offset, scalar) in written.unicodeScalars.enumerated() {
            switch Kind(scalar) {
            case .digit(let digit):
                digits.unicodeScalars.append(Unicode.Scalar(UInt8(ascii: "0") + UInt8(digit)))
            case .plus:
                guard !hasPlus else { throw PhoneNumberProblem("a second + at \(offset): one number only") }
                guard digits.isEmpty else { throw PhoneNumberProblem("a + behind digits, at \(offset)") }
                hasPlus = true
            case .dot:
                isFractionHead = isOnlyDigitsSoFar
                dots.append(digits.utf8.count)
            case .open:
                openBracket = digits.utf8.count
                isOnlyDigitsSoFar = false
            case .close:
                if let start = openBracket, start > 0, digits.utf8.count == start + 1, digits.hasSuffix("0") {
                    bracketedZero = start
                }
                openBracket = nil
                isOnlyDigitsSoFar = false
            case .separator:
                if !digits.isEmpty { isOnlyDigitsSoFar = false }
            case .invisible:
                break
            case .foreign:
                throw PhoneNumberProblem(Self.foreign(scalar, at: offset))
            }
        }
        if let dot = dots.last {
            try refuseFraction(behind: dot, isHeadBare: isFractionHead, isOnlyDot: dots.count == 1)
        }
    }

    /// A number that was written as a decimal.
    ///
    /// Where the point is the only separator, that is up to three digits behind it, or nothing but zeros; where there are
    /// others besides, up to two; and one digit behind the last of several points.
    private func refuseFraction(behind dot: Int, isHeadBare: Bool, isOnlyDot: Bool) throws(PhoneNumberProblem) {
        let fraction = digits.utf8.dropFirst(dot)
        guard !fraction.isEmpty, dot > 0 else { return }
        let isZero = fraction.allSatisfy { $0 == UInt8(ascii: "0") }
        let most = !isOnlyDot ? 1 : isHeadBare ? 3 : 2
        guard fraction.count <= most || (isOnlyDot && isHeadBare && isZero) else { return }
        throw PhoneNumberProblem("a decimal fraction (.\(String(decoding: fraction, as: UTF8.self)) at its end)")
    }

    private static func isBare(_ written: String) -> Bool {
        var rest = written.utf8[...]
        if rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        return rest.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func foreign(_ scalar: Unicode.Scalar, at offset: Int) -> String {
        let place = "\(scalar.codePoint) at \(offset)"
        if scalar.properties.isAlphabetic {
            return "a letter, \(place); neither words nor extensions can be written to"
        }
        return "\(place) belongs to no number"
    }

    /// What a character is in a number.
    private enum Kind {
        case digit(Int)
        case plus
        case dot
        case open
        case close
        /// A space or a dash.
        case separator
        case invisible
        case foreign

        init(_ scalar: Unicode.Scalar) {
            let properties = scalar.properties
            switch scalar {
            case "+", "\u{FF0B}": self = .plus
            case ".", "\u{FF0E}", "\u{B7}", "\u{2024}", "\u{2027}", "\u{30FB}", "\u{FF65}": self = .dot
            // The minus sign, and the mark that Japanese keyboards give for a dash.
            case "-", "\u{2212}", "\u{30FC}", "\u{FF70}": self = .separator
            // Quotation marks that Unicode counts among the opening brackets.
            case "\u{201A}", "\u{201E}", "\u{201F}", "\u{301D}": self = .foreign
            case _ where properties.isWhitespace: self = .separator
            case _ where scalar.isInvisible: self = .invisible
            default:
                switch properties.generalCategory {
                case .decimalNumber: self = .digit(Int(properties.numericValue ?? 0))
                case .dashPunctuation: self = .separator
                case .openPunctuation: self = .open
                case .closePunctuation: self = .close
                default: self = .foreign
                }
            }
        }
    }
}
