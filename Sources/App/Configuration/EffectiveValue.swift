internal import AMQP

/// A variable as `sms-bridge config` shows it.
package struct EffectiveValue: Hashable, Sendable {
    package let variable: Variable
    /// The value as it was written, secrets redacted; nil when it is neither given nor has a default.
    package let value: String?
    /// `environment`, `.env`, the YAML file's name, `default`, or `not set`; for a secret from a file also that file.
    package let source: String

    /// A value and its origin.
    package init(variable: Variable, value: String?, source: String) {
        self.variable = variable
        self.value = value
        self.source = source
    }
}

extension SettingsLoader {
    /// Every variable with its value and where that came from, in the order of the table, secrets redacted.
    package func effectiveValues() -> [EffectiveValue] {
        Variable.allCases.map { variable in
            switch givenHereOrByAlias(variable) {
            case .success(let given?):
                EffectiveValue(variable: variable, value: Self.shown(given.text, of: variable), source: given.source)
            case .success(nil):
                if let text = variable.entry.defaultText {
                    EffectiveValue(variable: variable, value: Self.shown(text, of: variable), source: "default")
                } else {
                    EffectiveValue(variable: variable, value: nil, source: "not set")
                }
            case .failure(let problem):
                EffectiveValue(variable: variable, value: nil, source: "unusable: \(variable.name) \(problem.text)")
            }
        }
    }

    /// `HTTP_PORT` is another name of `PORT`.
    private func givenHereOrByAlias(_ variable: Variable) -> Result<GivenValue?, ValueProblem> {
        guard variable == .port, case .success(nil) = given(.port), case .success(let alias?) = given(.httpPort) else {
            return given(variable)
        }
        return .success(GivenValue(text: alias.text, source: "\(alias.source), HTTP_PORT"))
    }

    /// A value without what is secret in it.
    static func shown(_ text: String, of variable: Variable) -> String {
        switch variable.entry.secrecy {
        case .open: text
        case .secret: "***"
        case .secretFreeURL: withoutSecrets(text)
        // Of an address that makes no sense nobody knows where its password is.
        case .passwordInURL where variable == .amqpURL && !AMQPEndpoint.parseList(text).problems.isEmpty: "***"
        case .passwordInURL: text.split(separator: ",").map { withoutPassword(String($0)) }.joined(separator: ",")
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
    private static func withoutPassword(_ url: String) -> String {
        guard let separator = url.firstRange(of: "://") else { return url }
        guard let at = url.lastIndex(of: "@"), at >= separator.upperBound else { return url }
        let user = url[separator.upperBound..<at].prefix { $0 != ":" }
        return "\(url[..<separator.upperBound])\(user):***\(url[at...])"
    }
}
