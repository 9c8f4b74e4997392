/// Reads variables one by one and gathers every problem on the way.
struct SettingsReader {
    private let loader: SettingsLoader
    /// What has been found wrong so far, in the order of reading.
    private(set) var problems: [ConfigurationProblem] = []

    /// A reader of a loader's sources, with the problems that these have themselves.
    init(_ loader: SettingsLoader) {
        self.loader = loader
        self.problems = loader.fileProblems
    }

    /// A variable that has a default, or must be given.
    mutating func value<Value>(_ variable: Variable, _ parser: ValueParser<Value>) -> Value {
        guard let text = text(of: variable) ?? variable.entry.defaultText else {
            if !problems.contains(where: { $0.place == variable.name }) { report(variable, "is missing") }
            return parser.placeholder
        }
        return parsed(variable, text, parser) ?? parser.placeholder
    }

    /// A variable that may be left out; nil then, and when it has a problem.
    mutating func optional<Value>(_ variable: Variable, _ parser: ValueParser<Value>) -> Value? {
        text(of: variable).flatMap { parsed(variable, $0, parser) }
    }

    /// Whether a variable is given anywhere, well or badly.
    func isGiven(_ variable: Variable) -> Bool {
        switch loader.given(variable) {
        case .success(let value): value != nil
        case .failure: true
        }
    }

    /// The text of a file that a variable names.
    mutating func contents(of path: String, namedBy variable: Variable) -> String? {
        do {
            return try loader.readFile(path)
        } catch {
            report(variable, "names a file that cannot be read: \(path)")
            return nil
        }
    }

    /// Notes a problem.
    mutating func report(_ variable: Variable, _ text: String) {
        problems.append(ConfigurationProblem(variable, text))
    }

    private mutating func text(of variable: Variable) -> String? {
        switch loader.given(variable) {
        case .success(let value):
            return value?.text
        case .failure(let problem):
            report(variable, problem.text)
            return nil
        }
    }

    private mutating func parsed<Value>(_ variable: Variable, _ text: String, _ parser: ValueParser<Value>) -> Value? {
        do {
            return try parser.parse(text)
        } catch {
            let isShown = [.open, .secretFreeURL].contains(variable.entry.secrecy) && text.count <= 200
            report(variable, isShown ? "'\(SettingsLoader.shown(text, of: variable))' \(error.text)" : error.text)
            return nil
        }
    }
}
