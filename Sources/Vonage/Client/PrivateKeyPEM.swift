import JWTKit

/// Reads an application's private key in the forms in which it is kept in practice.
enum PrivateKeyPEM {
    /// Reads the key, however its line breaks are written: `\n` written out (usual in environment variables,
    /// vonage-python-sdk#313), CRLF, blanks around.
    ///
    /// - Parameter pem: PKCS#8 (`BEGIN PRIVATE KEY`, Vonage's own) or PKCS#1 (`BEGIN RSA PRIVATE KEY`), 2,048 bits or more.
    /// - Returns: the key.
    /// - Throws: ``VonageError`` with `privateKeyUnusable` and what to do; never a part of the key.
    static func read(_ pem: String) throws -> Insecure.RSA.PrivateKey {
        let text = tidy(pem)
        guard !text.isEmpty else {
            throw VonageError(.privateKeyUnusable, "The application's private key is empty.")
        }
        guard text.contains("-----BEGIN ") else {
            throw VonageError(
                .privateKeyUnusable,
                "The application's private key is not PEM: it has to begin with -----BEGIN PRIVATE KEY-----."
            )
        }
        guard !text.contains("-----BEGIN PUBLIC KEY-----") else {
            throw VonageError(
                .privateKeyUnusable,
                "The application's public key was given where its private key belongs."
            )
        }
        guard !text.contains("ENCRYPTED") else {
            throw VonageError(.privateKeyUnusable, "The application's private key is encrypted; give it decrypted.")
        }
        do {
            return try Insecure.RSA.PrivateKey(pem: text)
        } catch {
            throw VonageError(
                .privateKeyUnusable,
                "The application's private key is not a complete RSA key of 2,048 bits or more in PEM.",
                underlying: error
            )
        }
    }

    /// Gives each line of the PEM a line of its own.
    ///
    /// - Parameter pem: the text as given.
    /// - Returns: lines separated by `\n`, without blanks around, without empty ones; empty for no text.
    static func tidy(_ pem: String) -> String {
        pem.split(separator: "\\r").joined()
            .split(separator: "\\n").joined(separator: "\n")
            .split(whereSeparator: \.isNewline)
            .map { $0.trimmingPrefix { $0.isWhitespace } }
            .map { line in String(line.reversed().drop { $0.isWhitespace }.reversed()) }
            .filter { !$0.isEmpty }
            .joined(separator: "\n")
    }
}
