package import Contracts

/// Where messages may go, by the first digits of the number.
package struct DestinationRules: Hashable, Sendable {
    private let allowed: [String]
    private let denied: [String]

    /// Rules.
    ///
    /// - Parameters:
    ///   - allowed: prefixes in digits, without `+`; none allow all.
    ///   - denied: prefixes that are denied although they are allowed.
    package init(allowed: [String] = [], denied: [String] = []) {
        self.allowed = allowed
        self.denied = denied
    }

    /// Why a number may not be written to; nil when it may.
    package func denial(of number: PhoneNumber) -> String? {
        if let prefix = denied.first(where: number.digits.hasPrefix) {
            return "destinations with +\(prefix) are denied"
        }
        guard !allowed.isEmpty, !allowed.contains(where: number.digits.hasPrefix) else { return nil }
        return "only destinations with " + allowed.map { "+\($0)" }.joined(separator: ", ") + " are allowed"
    }
}
