internal import AMQP
package import Bridge

extension SettingsLoader {
    /// Every variable with its value and where that came from, in the order of the table, secrets redacted; then
    /// the answers of single senders.
    package func effectiveValues() -> [ConfigurationValue] {
        variables() + senderReplies.map { ConfigurationValue(name: $0.name, value: $0.text, source: $0.source) }
    }

    private func variables() -> [ConfigurationValue] {
        Variable.all.map { variable in
            do throws(ValueProblem) {
                var found = try given(variable)
                // `HTTP_PORT` is another name of `PORT`.
                if found == nil, variable.name == "PORT", let alias = Variable.named("HTTP_PORT") {
                    found = try given(alias).map { ($0.text, "\($0.source), HTTP_PORT") }
                }
                let text = found?.text ?? variable.defaultText
                let source = found?.source ?? (text == nil ? "not set" : "default")
                return ConfigurationValue(name: variable.name, value: text.map(variable.shown), source: source)
            } catch {
                let source = "unusable: \(variable.name) \(error.text)"
                return ConfigurationValue(name: variable.name, value: nil, source: source)
            }
        }
    }
}

extension Variable {
    /// A value without what is secret in it.
    func shown(_ text: String) -> String {
        switch secrecy {
        case .open: text
        case .secret: "***"
        case .secretFreeURL: Self.withoutSecrets(text)
        // In an address that cannot be read, the password could be anywhere.
        case .passwordInURL where name == "AMQP_URL" && !AMQPEndpoint.parseList(text).problems.isEmpty: "***"
        case .passwordInURL: text.split(separator: ",").map { Self.withoutPassword($0) }.joined(separator: ",")
        }
    }

    /// A URL with `***` for whatever stands before its host, and for its query.
    private static func withoutSecrets(_ url: String) -> String {
        let bare = url.prefix { $0 != "?" && $0 != "#" }
        let rest = bare.endIndex == url.endIndex ? "" : "\(url[bare.endIndex])***"
        guard let at = bare.lastIndex(of: "@") else { return "\(bare)\(rest)" }
        let start = bare.firstRange(of: "://")?.upperBound ?? bare.startIndex
        return "\(bare[..<min(start, at)])***\(bare[at...])\(rest)"
    }

    /// A URL with `***` for its password.
    private static func withoutPassword(_ url: Substring) -> String {
        guard let start = url.firstRange(of: "://")?.upperBound, let at = url.lastIndex(of: "@"), at >= start else {
            return String(url)
        }
        return "\(url[..<start])\(url[start..<at].prefix { $0 != ":" }):***\(url[at...])"
    }
}
