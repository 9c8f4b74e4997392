/// What is thrown when this module cannot do its work at all.
///
/// An answer of the provider is never an error but a `SubmitOutcome`.
package struct VonageError: Error, Sendable {
    /// What broke; extensible, so that a new code breaks no switch.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The code as it stands in logs, lower case with underscores.
        package let description: String

        private init(_ description: String) { self.description = description }

        /// The application's private key is not a usable RSA key in PEM.
        package static let privateKeyUnusable = Code("private_key_unusable")
        /// A token could not be signed.
        package static let tokenNotSigned = Code("token_not_signed")
    }

    /// What broke.
    package let code: Code
    /// One sentence for the operator.
    ///
    /// Holds no secret, phone number or body.
    package let message: String
    /// The library's own error, where there is one.
    ///
    /// Not part of the description.
    package let underlying: (any Error)?
    /// Whether the same call may succeed later without a change of the set-up.
    package let isRetriable: Bool

    init(_ code: Code, _ message: String, underlying: (any Error)? = nil, isRetriable: Bool = false) {
        self.code = code
        self.message = message
        self.underlying = underlying
        self.isRetriable = isRetriable
    }
}

extension VonageError: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { "\(code): \(message)" }

    package var debugDescription: String {
        guard let underlying else { return description }
        return "\(description) (\(type(of: underlying)))"
    }
}
