internal import Vonage

extension Settings {
    /// Finds the credentials: the application's where its private key is given, then the account's.
    ///
    /// Half a pair is a problem unless the other pair is whole.
    static func credentials(from reader: inout SettingsReader, areNeeded: Bool) -> [VonageCredentials] {
        let problemsBefore = reader.problems.count
        let apiKey = reader.optional(.vonageAPIKey, .text)
        let apiSecret = reader.optional(.vonageAPISecret, .text)
        let applicationID = reader.optional(.vonageApplicationID, .text)
        let privateKey = privateKey(from: &reader)
        guard reader.problems.count == problemsBefore else { return [] }

        switch (applicationID, privateKey, apiKey, apiSecret) {
        case (let id?, let key?, let apiKey?, let secret?):
            return [.application(id: id, privateKeyPEM: key), .basic(apiKey: apiKey, apiSecret: secret)]
        case (let id?, let key?, _, _):
            return [.application(id: id, privateKeyPEM: key)]
        case (nil, .some, _, _):
            reader.report(.vonageApplicationID, "is missing, which the private key belongs to")
        case (_, nil, let key?, let secret?):
            return [.basic(apiKey: key, apiSecret: secret)]
        case (.some, nil, _, _):
            reader.report(.vonagePrivateKeyPath, "is missing, which VONAGE_APPLICATION_ID needs")
        case (nil, nil, .some, nil):
            reader.report(.vonageAPISecret, "is missing, which VONAGE_API_KEY needs")
        case (nil, nil, nil, .some):
            reader.report(.vonageAPIKey, "is missing, which VONAGE_API_SECRET needs")
        case (nil, nil, nil, nil):
            guard areNeeded else { return [] }
            reader.report(
                .vonageAPIKey,
                "is missing: give VONAGE_API_KEY and VONAGE_API_SECRET,"
                    + " or VONAGE_APPLICATION_ID and VONAGE_PRIVATE_KEY_PATH"
            )
        }
        return []
    }

    private static func privateKey(from reader: inout SettingsReader) -> String? {
        let path = reader.optional(.vonagePrivateKeyPath, .text)
        let inline = reader.optional(.vonagePrivateKey, .privateKey)
        guard let path else { return inline }
        guard !reader.isGiven(.vonagePrivateKey) else {
            reader.report(.vonagePrivateKeyPath, "and VONAGE_PRIVATE_KEY are both set; keep one of them")
            return nil
        }
        guard let text = reader.contents(of: path, namedBy: .vonagePrivateKeyPath) else { return nil }
        do {
            return try ValueParser<String>.privateKey.parse(text)
        } catch {
            reader.report(.vonagePrivateKeyPath, "names a file whose content \(error.text)")
            return nil
        }
    }
}
