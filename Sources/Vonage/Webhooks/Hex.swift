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
