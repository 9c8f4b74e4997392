import Crypto

/// Comparison of secrets.
package enum ConstantTime {
    /// Whether two byte strings are equal, in a time that depends on their lengths alone.
    ///
    /// Their digests are compared, which swift-crypto does in constant time.
    ///
    /// - Parameters:
    ///   - left: one string of bytes.
    ///   - right: the other.
    /// - Returns: whether they are equal.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        SHA256.hash(data: left) == SHA256.hash(data: right)
    }
}
