/// Reads the fields of a JSON object one by one and gathers every problem on the way.
///
/// A reader of a value is a function from `JSONValue` to the value, or to a sentence that says what is wrong with it.
package struct FieldReader {
    /// What a value was read as, or what is wrong with it.
    package typealias Read<Value> = Result<Value, JSONProblem>

    private let object: [String: JSONValue]
    private var names: [String] = []
    /// What has been found wrong so far, in the order of reading.
    package private(set) var problems: [Problem] = []

    /// The fields that were not asked for and look like a misspelt one of those that were, in order of their names.
    package var misspelt: [Problem] {
        object.keys.sorted().compactMap { key in
            guard !names.contains(key), let meant = names.first(where: { FieldName.looksLike(key, $0) }) else {
                return nil
            }
            return Problem(key, "is not a field and was ignored; did you mean \(meant)?")
        }
    }

    /// A reader of an object's fields.
    package init(_ object: [String: JSONValue]) {
        self.object = object
    }

    /// Notes a problem.
    package mutating func report(_ field: String, _ problem: String) {
        problems.append(Problem(field, problem))
    }

    /// A field that must be there; `null` counts as absent.
    package mutating func required<Value>(_ name: String, reading: (JSONValue) -> Read<Value>) -> Value? {
        names.append(name)
        guard let value = object[name], value != .null else {
            report(name, "is required")
            return nil
        }
        return take(name, reading(value))
    }

    /// A field that must be there, and be an array with something in it, which was left in the bytes.
    package mutating func required(_ name: String, list: JSONList?) {
        guard let list else {
            _ = required(name) { Read<JSONValue>.failure(JSONProblem("must be an array, not \($0.kind)")) }
            return
        }
        names.append(name)
        if list.count == 0 { report(name, "must not be empty") }
    }

    /// A field that may be left out; `null` counts as absent.
    package mutating func optional<Value>(_ name: String, reading: (JSONValue) -> Read<Value>) -> Value? {
        names.append(name)
        guard let value = object[name], value != .null else { return nil }
        return take(name, reading(value))
    }

    private mutating func take<Value>(_ name: String, _ read: Read<Value>) -> Value? {
        switch read {
        case .success(let value): return value
        case .failure(let problem):
            report(name, problem.message)
            return nil
        }
    }
}

/// The readers of single values.
extension FieldReader {
    static func string(_ value: JSONValue) -> Read<String> {
        guard case .string(let text) = value else { return wrong("must be a string, not \(value.kind)") }
        return .success(text)
    }

    static func bool(_ value: JSONValue) -> Read<Bool> {
        guard case .bool(let flag) = value else { return wrong("must be true or false, not \(value.kind)") }
        return .success(flag)
    }

    static func positiveInteger(_ value: JSONValue) -> Read<Int> {
        let whole: Int? =
            switch value {
            case .integer(let number): Int(exactly: number)
            case .number(let number): number.whole
            default: nil
            }
        guard let whole, whole >= 1 else { return wrong("must be a whole number, 1 or more") }
        return .success(whole)
    }

    static func phoneNumber(_ value: JSONValue) -> Read<PhoneNumber> {
        string(value).flatMap { text in
            PhoneNumberReader.read(text).mapError { JSONProblem($0.description) }
        }
    }

    static func sender(_ value: JSONValue) -> Read<Sender> {
        string(value).flatMap { text in
            Sender.read(text)
        }
    }

    static func messageText(_ value: JSONValue) -> Read<String> {
        string(value).flatMap { text in
            let count = text.unicodeScalars.count
            if count == 0 { return wrong("must not be empty") }
            if count > SendCommand.Limit.textScalars {
                return wrong("has \(count) characters; the limit is \(SendCommand.Limit.textScalars)")
            }
            return .success(text)
        }
    }

    static func reference(_ value: JSONValue) -> Read<String> {
        string(value).flatMap { text in
            let limit = SendCommand.Limit.referenceCharacters
            return text.unicodeScalars.count > limit ? wrong("is longer than \(limit) characters") : .success(text)
        }
    }

    static func timestamp(_ value: JSONValue) -> Read<Timestamp> {
        string(value).flatMap { text in
            Timestamp(rfc3339: text).map(Read.success)
                ?? wrong("is not an RFC 3339 time with an offset, as 2026-01-31T09:30:00Z")
        }
    }

    static func choice<Choice: RawRepresentable & CaseIterable>(_ value: JSONValue) -> Read<Choice>
    where Choice.RawValue == String {
        string(value).flatMap { text in
            Choice(rawValue: text).map(Read.success)
                ?? wrong("must be one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
    }

    static func metadata(_ value: JSONValue) -> Read<[String: String]> {
        guard case .object(let object) = value else { return wrong("must be an object, not \(value.kind)") }
        var metadata: [String: String] = [:]
        var bytes = 0
        for (key, value) in object {
            guard case .string(let text) = value else { return wrong("must map strings to strings") }
            metadata[key] = text
            bytes += key.utf8.count + text.utf8.count
        }
        let limit = SendCommand.Limit.metadataBytes
        return bytes > limit
            ? wrong("has \(bytes) bytes of keys and values; the limit is \(limit)") : .success(metadata)
    }

    static func providerOptions(_ value: JSONValue) -> Read<ProviderOptions> {
        guard case .object(let object) = value else { return wrong("must be an object, not \(value.kind)") }
        var fields = FieldReader(object)
        var options = ProviderOptions()
        options.entityID = fields.optional("entity_id", reading: reference)
        options.contentID = fields.optional("content_id", reading: reference)
        options.poolID = fields.optional("pool_id", reading: reference)
        options.trustedRecipient = fields.optional("trusted_recipient", reading: bool)
        guard fields.problems.isEmpty else {
            return wrong(fields.problems.map { "\($0.field) \($0.problem)" }.joined(separator: "; "))
        }
        return .success(options)
    }

    private static func wrong<Value>(_ message: String) -> Read<Value> { .failure(JSONProblem(message)) }
}
