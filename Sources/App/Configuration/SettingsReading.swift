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
    /// The texts that were given and are valid, by variable.
    private var given: [String: String] = [:]

    /// Reads every variable.
    init(_ loader: SettingsLoader, needing needs: Settings.Needs) {
        self.loader = loader
        problems = loader.fileProblems
        for variable in Variable.all { read(variable) }
        settings.http.trustedProxies = settings.webhooks.trustedProxies
        joinPorts()
        checkKeys()
        readReplies()
        if !problems.contains(where: { Self.credentialNames.contains($0.place) }) {
            settings.provider.allCredentials = credentials(areNeeded: needs.contains(.credentials))
            if settings.receipts.reconciling == .reports, settings.provider.account == nil {
                report("RECONCILE", "needs VONAGE_API_KEY and VONAGE_API_SECRET: the Reports API takes no token")
            }
        }
    }

    private mutating func read(_ variable: Variable) {
        do throws(ValueProblem) {
            let value = try loader.given(variable)
            guard let text = value?.text ?? variable.defaultText else { return }
            do throws(ValueProblem) {
                try variable.read(text, &settings)
            } catch {
                let isShown = [.open, .secretFreeURL].contains(variable.secrecy) && text.count <= 200
                throw isShown ? ValueProblem("'\(variable.shown(text))' \(error.text)") : error
            }
            given[variable.name] = value?.text
        } catch {
            report(variable.name, error.text)
        }
    }

    private mutating func report(_ name: String, _ text: String) {
        problems.append(ConfigurationProblem(name, text))
    }

    private mutating func joinPorts() {
        if let alias = given["HTTP_PORT"].flatMap({ Int($0) }) {
            if given["PORT"] != nil, settings.http.port != alias {
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
            guard let sender = Sender(reply.suffix) else {
                report(reply.name, "ends in what is neither a number, a short code nor a name of a sender")
                continue
            }
            do throws(ValueProblem) {
                let text = try ValueParser<String>.replyText.parse(reply.text)
                settings.optOut.replies[reply.wish].bySender[sender] = text
            } catch {
                report(reply.name, error.text)
            }
        }
        let keywords = OptOutKeywords(settings.optOut)
        let replies = settings.optOut.replies
        func isKeyword(_ text: String) -> Bool { keywords.wish(in: text) != nil }
        for wish in OptOutKeywords.Wish.allCases where replies[wish].all.contains(where: isKeyword) {
            report(SenderReply.variable(of: wish), "has a text that is itself a keyword")
        }
    }

    /// The application's credentials where its private key is given, then the account's.
    ///
    /// Half a pair is a problem unless the other pair is whole.
    private mutating func credentials(areNeeded: Bool) -> [VonageCredentials] {
        let privateKey: String?
        do throws(ValueProblem) {
            privateKey = try self.privateKey()
        } catch {
            report("VONAGE_PRIVATE_KEY_PATH", error.text)
            return []
        }
        switch (given["VONAGE_APPLICATION_ID"], privateKey, given["VONAGE_API_KEY"], given["VONAGE_API_SECRET"]) {
        case (let id?, let key?, let apiKey?, let secret?):
            return [.application(id: id, privateKeyPEM: key), .basic(apiKey: apiKey, apiSecret: secret)]
        case (let id?, let key?, _, _):
            return [.application(id: id, privateKeyPEM: key)]
        case (nil, .some, _, _):
            report("VONAGE_APPLICATION_ID", "is missing; the private key needs it")
        case (_, nil, let key?, let secret?):
            return [.basic(apiKey: key, apiSecret: secret)]
        case (.some, nil, _, _):
            report("VONAGE_PRIVATE_KEY_PATH", "is missing; VONAGE_APPLICATION_ID needs it")
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
        case (nil, nil, nil, nil):
            break
        }
        return []
    }

    private func privateKey() throws(ValueProblem) -> String? {
        guard let path = given["VONAGE_PRIVATE_KEY_PATH"] else { return given["VONAGE_PRIVATE_KEY"] }
        guard given["VONAGE_PRIVATE_KEY"] == nil else {
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
