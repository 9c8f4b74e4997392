/// A variable that configures the service: one row of the table, which everything here is made from.
package struct Variable: Sendable {
    /// How much of a value may be shown.
    package enum Secrecy: Hashable, Sendable {
        /// All of it.
        case open
        /// A URL that has no place for a secret; one that holds one all the same is not shown whole.
        case secretFreeURL
        /// All but the password inside a URL.
        case passwordInURL
        /// Nothing.
        case secret
    }

    /// Where a value belongs.
    typealias Place<Value> = any WritableKeyPath<Settings, Value> & Sendable
    /// Reads a text and puts the value where it belongs.
    typealias Read = @Sendable (_ text: String, _ settings: inout Settings) throws(ValueProblem) -> Void

    /// The name in the environment, in `.env` and in the YAML file alike.
    package let name: String
    /// The default as users would write it; nil where there is none.
    package let defaultText: String?
    /// A valid value, made up where it is a secret; without one of its own the default.
    package private(set) var example: String
    /// What it is, in a line.
    package private(set) var summary = ""
    package private(set) var secrecy = Secrecy.open
    let read: Read

    /// A variable with a default.
    init<Value>(_ name: String, _ defaultText: String, _ parser: ValueParser<Value>, _ place: Place<Value>) {
        self.init(name, defaultText) { text, settings throws(ValueProblem) in
            settings[keyPath: place] = try parser.parse(text)
        }
    }

    /// A variable whose setting stays empty where it is not given.
    init<Value>(_ name: String, _ parser: ValueParser<Value>, _ place: Place<Value>) {
        self.init(name, nil) { text, settings throws(ValueProblem) in
            settings[keyPath: place] = try parser.parse(text)
        }
    }

    /// A variable whose setting stays nil where it is not given.
    init<Value>(_ name: String, _ parser: ValueParser<Value>, _ place: Place<Value?>) {
        self.init(name, nil) { text, settings throws(ValueProblem) in
            settings[keyPath: place] = try parser.parse(text)
        }
    }

    private init(_ name: String, _ defaultText: String?, read: @escaping Read) {
        self.name = name
        self.defaultText = defaultText
        self.example = defaultText ?? ""
        self.read = read
    }

    /// The row with its line of help.
    func help(_ summary: String) -> Variable {
        var row = self
        row.summary = summary
        return row
    }

    /// The row with an example, and with how much of a value may be shown.
    func example(_ example: String, _ secrecy: Secrecy = .open) -> Variable {
        var row = self
        row.example = example
        row.secrecy = secrecy
        return row
    }

    /// The name of the variable that gives a secret by the path of a file; nil for what is not a secret.
    package var fileName: String? { [.passwordInURL, .secret].contains(secrecy) ? name + "_FILE" : nil }

    /// Every variable, in the order of the table.
    package static let all = sections.flatMap { $0.variables }

    /// The variable of that name; nil when there is none.
    package static func named(_ name: String) -> Variable? { all.first { $0.name == name } }
}
