internal import Contracts
internal import SMSCore
internal import Vonage

/// One reading of every variable: the settings, and all that is wrong with them.
struct SettingsReading {
    /// Characters that a key of the API has at least.
    private static let shortestKey = 16
    private static let credentialNames: Set<String> = [
        "VONAGE_API_KEY", "VONAGE_API_SECRET", "VONAGE_APPLICATION_ID", "VONAGE_PRIVATE_KEY_PATH", "VONAGE_PRIVATE_KEY",
    ]

    private let loader: SettingsLoader
    private(set) var settings = Settings()
    private(set) var problems: [ConfigurationProblem]

    /// Reads every variable.
    init(_ loader: SettingsLoader, needing needs: Settings.Needs) {
        self.loader = loader
        problems = loader.fileProblems
        for variable in Variable.all {
            attempt(variable.name) { reading throws(ValueProblem) in try reading.read(variable) }
        }
        settings.http.trustedProxies = settings.webhooks.trustedProxies
        joinPorts()
        checkKeys()
        readReplies()
        guard !problems.contains(where: { Self.credentialNames.contains($0.place) }) else { return }
        attempt("VONAGE_PRIVATE_KEY_PATH") { reading throws(ValueProblem) in
            try reading.joinCredentials(areNeeded: needs.contains(.credentials))
        }
        if settings.receipts.reconciling == .reports, settings.provider.account == nil {
            report("RECONCILE", "needs VONAGE_API_KEY and VONAGE_API_SECRET: the Reports API takes no token")
        }
    }

    private mutating func report(_ name: String, _ text: String) {
        problems.append(ConfigurationProblem(name, text))
    }

    /// Does a part of the reading; its problem is that variable's.
    private mutating func attempt(_ name: String, _ work: (inout Self) throws(ValueProblem) -> Void) {
        do throws(ValueProblem) { try work(&self) } catch { report(name, error.text) }
    }

    private mutating func read(_ variable: Variable) throws(ValueProblem) {
        guard let text = try loader.given(variable)?.text ?? variable.defaultText else { return }
        do throws(ValueProblem) {
            try variable.read(text, &settings)
        } catch {
            let isShown = [.open, .secretFreeURL].contains(variable.secrecy) && text.count <= 200
            throw isShown ? ValueProblem("'\(variable.shown(text))' \(error.text)") : error
        }
    }

    private mutating func joinPorts() {
        if let alias = settings.http.portAlias {
            if loader.first("PORT") != nil, settings.http.port != alias {
                report("HTTP_PORT", "and PORT name different ports; keep one of them")
            }
            settings.http.port = alias
        }
        if let port = settings.http.webhookPort, port == settings.http.port, port != 0 {
            report("WEBHOOK_PORT", "is the port of everything else; leave it out, or name another")
        }
    }

    /// Refuses keys that can be guessed, and equal ones, which are meant to be different.
    private mutating func checkKeys() {
        let keys = settings.http.apiKeys
        for (index, key) in keys.enumerated() {
            if key.count < Self.shortestKey {
                report(
                    "API_KEYS",
                    "has an entry (number \(index + 1)) of \(key.count) characters; a key has \(Self.shortestKey) or "
                        + "more, as openssl rand -hex 24 makes it"
                )
            }
            if let first = keys.firstIndex(of: key), first < index {
                report("API_KEYS", "has the same entry twice (numbers \(first + 1) and \(index + 1))")
            }
        }
    }

    /// Reads the answers of single senders, and refuses what another automaton would take for a keyword.
    private mutating func readReplies() {
        for reply in loader.senderReplies {
            attempt(reply.name) { reading throws(ValueProblem) in
                guard let sender = Sender(reply.suffix) else {
                    throw ValueProblem("ends in what is neither a number, a short code nor a name of a sender")
                }
                let text = try ValueParser<String>.replyText.parse(reply.text)
                reading.settings.optOut.replies[reply.wish].bySender[sender] = text
            }
        }
        let keywords = OptOutKeywords(settings.optOut)
        let replies = settings.optOut.replies
        func isKeyword(_ text: String) -> Bool { keywords.wish(in: text) != nil }
        for wish in OptOutKeywords.Wish.allCases where replies[wish].all.contains(where: isKeyword) {
            report(SenderReply.variable(of: wish), "has a text that is itself a keyword")
        }
    }

    /// Makes credentials of what is given: the application's where its private key is, then the account's.
    ///
    /// Half a pair is a problem unless the other pair is whole; a private key always needs its application.
    private mutating func joinCredentials(areNeeded: Bool) throws(ValueProblem) {
        let given = settings.provider.given
        switch (given.applicationID, try privateKey(), settings.provider.accountKey, given.accountSecret) {
        case (let id?, let key?, let apiKey?, let secret?):
            settings.provider.allCredentials = [
                .application(id: id, privateKeyPEM: key), .basic(apiKey: apiKey, apiSecret: secret),
            ]
        case (let id?, let key?, _, _):
            settings.provider.allCredentials = [.application(id: id, privateKeyPEM: key)]
        case (nil, .some, _, _):
            report("VONAGE_APPLICATION_ID", "is missing; the private key needs it")
        case (_, nil, let apiKey?, let secret?):
            settings.provider.allCredentials = [.basic(apiKey: apiKey, apiSecret: secret)]
        case (.some, nil, _, _):
            throw ValueProblem("is missing; VONAGE_APPLICATION_ID needs it")
        case (nil, nil, .some, nil):
            report("VONAGE_API_SECRET", "is missing; VONAGE_API_KEY needs it")
        case (nil, nil, nil, .some):
            report("VONAGE_API_KEY", "is missing; VONAGE_API_SECRET needs it")
        case (nil, nil, nil, nil) where areNeeded:
            report(
                "VONAGE_API_KEY",
                "is missing: give VONAGE_API_KEY and VONAGE_API_SECRET,"
                    + " or VONAGE_APPLICATION_ID and VONAGE_PRIVATE_KEY_PATH"
            )
        case (nil, nil, nil, nil): break
        }
    }

    private func privateKey() throws(ValueProblem) -> String? {
        let given = settings.provider.given
        guard let path = given.privateKeyPath else { return given.privateKey }
        guard given.privateKey == nil else {
            throw ValueProblem("and VONAGE_PRIVATE_KEY are both set; keep one of them")
        }
        guard let text = try? loader.readFile(path) else {
            throw ValueProblem("names a file that cannot be read: \(path)")
        }
        do throws(ValueProblem) {
            return try ValueParser<String>.privateKey.parse(text)
        } catch {
            throw ValueProblem("names a file whose content \(error.text)")
        }
    }
}
