internal import AMQP
internal import Contracts
internal import FoundationEssentials
internal import Logging
internal import Vonage

extension ValueParser<[AMQPEndpoint]> {
    /// `AMQP_URL`.
    static var brokers: Self {
        Self(placeholder: []) { text throws(ValueProblem) in
            let (endpoints, problems) = AMQPEndpoint.parseList(text)
            guard problems.isEmpty else { throw ValueProblem("cannot be used: \(problems.joined(separator: "; "))") }
            return endpoints
        }
    }
}

extension ValueParser<Sender?> {
    /// A sender as commands name it.
    static var sender: Self {
        Self(placeholder: nil) { text throws(ValueProblem) in
            guard let sender = Sender(text) else {
                throw ValueProblem(
                    "is no sender: a number of 7 to 15 digits, a short code of 3 to 6 digits,"
                        + " or a name of 1 to 11 letters and digits"
                )
            }
            return sender
        }
    }
}

extension ValueParser<CIDRBlock?> {
    /// A network, or a single address.
    static var network: Self {
        Self(placeholder: nil) { text throws(ValueProblem) in
            guard let block = CIDRBlock(text) else { throw ValueProblem("is no network such as 192.0.2.0/24") }
            return block
        }
    }
}

extension ValueParser<Logger.Level> {
    /// swift-log's levels.
    static var logLevel: Self { choice(.info) }
}

extension ValueParser<String> {
    /// An absolute `http` or `https` URL of a server: scheme, host and perhaps a port; a slash at the end is dropped.
    static var serverURL: Self {
        Self(placeholder: "") { text throws(ValueProblem) in
            guard let url = URL(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme),
                let host = url.host(), !host.isEmpty
            else { throw ValueProblem("is no http or https URL") }
            guard url.path().isEmpty || url.path() == "/", url.query() == nil, url.user() == nil, url.fragment() == nil
            else { throw ValueProblem("has more in it than scheme, host and port") }
            return text.hasSuffix("/") ? String(text.dropLast()) : text
        }
    }

    /// `sqlite:` and the path of a file; gives the path.
    static var storeURL: Self {
        Self(placeholder: "") { text throws(ValueProblem) in
            if text.hasPrefix("postgres:") || text.hasPrefix("postgresql:") {
                throw ValueProblem("names PostgreSQL, which this version cannot use yet; use sqlite:")
            }
            guard text.hasPrefix("sqlite:") else { throw ValueProblem("does not begin with sqlite:") }
            var path = text.dropFirst("sqlite:".count)
            if path.hasPrefix("///") { path = path.dropFirst(2) }
            guard !path.isEmpty, !path.hasSuffix("/"), !path.hasPrefix("//"), path != ":memory:" else {
                throw ValueProblem("names no file")
            }
            return String(path)
        }
    }

    /// The first digits of telephone numbers, `+` allowed; gives the digits.
    static var numberPrefix: Self {
        Self(placeholder: "") { text throws(ValueProblem) in
            let digits = text.hasPrefix("+") ? String(text.dropFirst()) : text
            let isPrefix =
                (1...15).contains(digits.utf8.count) && digits.first != "0"
                && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard isPrefix else { throw ValueProblem("is no beginning of an E.164 number") }
            return digits
        }
    }

    /// A keyword of opt-out or opt-in, which may be two words; gives it in upper case.
    static var keyword: Self {
        Self(placeholder: "") { text throws(ValueProblem) in
            guard text.count <= 32 else {
                throw ValueProblem("is no keyword of at most 32 characters")
            }
            return text.uppercased()
        }
    }

    /// An application's private key in PEM, tried out as far as that goes without the provider.
    static var privateKey: Self {
        Self(placeholder: "") { text throws(ValueProblem) in
            guard text.contains("-----BEGIN "), text.contains("PRIVATE KEY-----") else {
                throw ValueProblem("is no private key in PEM: it has to begin with -----BEGIN PRIVATE KEY-----")
            }
            guard !text.contains("ENCRYPTED") else { throw ValueProblem("is encrypted; give it decrypted") }
            guard VonageCredentials.problem(ofPrivateKey: text) == nil else {
                throw ValueProblem("is no complete RSA private key of 2,048 bits or more in PEM")
            }
            return text
        }
    }
}
