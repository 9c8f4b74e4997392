import Contracts
import RawStructuredFieldValues

/// The `Idempotency-Key` of a request, as it is or as a quoted string.
///
/// The quoted form is that of draft-ietf-httpapi-idempotency-key-header: a string of RFC 9651, section 3.3.3, whose
/// parameters are ignored. What does not begin with a quote is taken as it is, since most clients send it so.
struct IdempotencyKey: Equatable {
    /// The key, without quotes; nil where there is none, or a problem.
    let text: String?
    /// What is wrong with it; nil when nothing is.
    let problem: Problem?

    /// Reads the field.
    ///
    /// Whether the text can be an id is not looked at here.
    ///
    /// - Parameter values: the values of all fields of this name.
    init(_ values: [String]) {
        guard let value = values.first else {
            (text, problem) = (nil, nil)
            return
        }
        guard values.count == 1 else {
            (text, problem) = (nil, Problem("Idempotency-Key", "must be given once"))
            return
        }
        guard value.hasPrefix("\"") else {
            (text, problem) = (value, nil)
            return
        }
        var parser = StructuredFieldValueParser(Array(value.utf8))
        if case .string(let unquoted)? = try? parser.parseItemFieldValue().rfc9651BareItem {
            (text, problem) = (unquoted, nil)
        } else {
            (text, problem) = (
                nil, Problem("Idempotency-Key", "begins with a quote and is not a quoted string (RFC 9651, 3.3.3)")
            )
        }
    }
}
