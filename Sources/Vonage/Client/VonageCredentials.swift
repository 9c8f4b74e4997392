/// How requests to the provider are authorised; exactly one way, for Vonage refuses requests that carry both.
///
/// Source: developer.vonage.com, "Authentication".
package enum VonageCredentials: Sendable {
    /// An application: a JWT signed with its private key (RS256).
    ///
    /// - Parameters:
    ///   - id: the application's id, a UUID.
    ///   - privateKeyPEM: its private key in PEM; line breaks may be written as `\n`, as in environment variables.
    case application(id: String, privateKeyPEM: String)

    /// The account itself: HTTP Basic.
    case basic(apiKey: String, apiSecret: String)
}

extension VonageCredentials {
    /// What keeps a text from being an application's private key; never a part of it.
    ///
    /// - Parameter pem: the key as it was given.
    /// - Returns: a sentence for the operator; nil for a key that can be used.
    package static func problem(ofPrivateKey pem: String) -> String? {
        do {
            _ = try PrivateKeyPEM.read(pem)
            return nil
        } catch {
            return (error as? VonageError)?.message ?? "The application's private key cannot be read."
        }
    }
}

extension VonageCredentials: CustomStringConvertible, CustomDebugStringConvertible {
    /// Which kind and whose; never the key or the secret.
    package var description: String {
        switch self {
        case .application(let id, _): "application \(id)"
        case .basic(let apiKey, _): "account \(apiKey)"
        }
    }

    package var debugDescription: String { description }
}
