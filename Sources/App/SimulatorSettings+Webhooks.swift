import Vonage

extension SimulatorSettings {
    /// Where the simulator posts webhooks: the address with the service's `WEBHOOK_TOKEN` in its query.
    ///
    /// So the token need not stand in the command line, which everybody on the machine can read.
    ///
    /// - Parameters:
    ///   - address: as `http://127.0.0.1:3000`; one that has a query stays as it is.
    ///   - settings: the service's.
    /// - Returns: the address.
    package static func webhooks(at address: String, settings: Settings) -> String {
        webhooks(at: address, token: settings.webhooks.queryToken)
    }

    /// The same for a token; nil for none.
    package static func webhooks(at address: String, token: String?) -> String {
        guard let token, !address.contains("?") else { return address }
        return address + "?token=" + token.utf8.map(escaped).joined()
    }

    /// A byte of a query's value (RFC 3986, section 2).
    private static func escaped(_ byte: UInt8) -> String {
        let scalar = Unicode.Scalar(byte)
        let isPlain = scalar.isASCII && (Character(scalar).isLetter || Character(scalar).isNumber)
        if isPlain || "-._~".utf8.contains(byte) { return String(Character(scalar)) }
        let digits = String(byte, radix: 16, uppercase: true)
        return "%" + (digits.count == 1 ? "0" : "") + digits
    }
}
