/// Counts the parts that a text becomes on the air, by GSM 03.38 and 3GPP TS 23.040.
///
/// A character of two units that would straddle the edge of a part moves to the next part as a whole, so that neither an
/// escape pair nor a surrogate pair is split.
package struct SegmentCounter: Hashable, Sendable {
    private let encoding: TextEncoding
    /// All units of the characters so far; a unit left empty at a part's edge is not counted.
    package private(set) var units = 0
    private var parts = 1
    private var unitsInPart = 0

    /// A counter of an empty text.
    package init(encoding: TextEncoding) {
        self.encoding = encoding
    }

    /// A counter that has seen a whole text.
    package init(_ text: String, encoding: TextEncoding) {
        self.init(encoding: encoding)
        for scalar in text.unicodeScalars { add(scalar) }
    }

    /// Appends a character; one that the encoding does not have counts as one unit.
    package mutating func add(_ scalar: Unicode.Scalar) {
        let width = encoding.units(of: scalar) ?? 1
        units += width
        if unitsInPart + width > encoding.unitsOfPart {
            parts += 1
            unitsInPart = 0
        }
        unitsInPart += width
    }

    /// How many messages are sent and paid for; 1 for an empty text.
    package var segments: Int { isSingle ? 1 : parts }

    /// How many units the last segment still takes without another segment.
    package var remaining: Int {
        isSingle ? encoding.unitsOfSingle - units : encoding.unitsOfPart - unitsInPart
    }

    private var isSingle: Bool { units <= encoding.unitsOfSingle }
}
