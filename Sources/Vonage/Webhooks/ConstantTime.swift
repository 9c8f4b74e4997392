/// Comparison of secrets.
enum ConstantTime {
    /// Whether two byte strings are equal, in a time that tells nothing of where they differ (only whether their lengths do).
    ///
    /// - Parameters:
    ///   - left: one string of bytes.
    ///   - right: the other.
    /// - Returns: whether they are equal.
    static func areEqual(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(left, right) { difference |= one ^ other }
        return difference == 0
    }
}

/// Lower-case hexadecimal.
enum Hex {
    /// Writes bytes in hexadecimal.
    ///
    /// - Parameter bytes: what to write.
    /// - Returns: two ASCII characters a byte, lower case.
    static func encode(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }
}
