internal import AMQP
internal import Contracts
internal import FoundationEssentials
internal import SMSCore
internal import StorePostgres
internal import Vonage

extension ValueParser<[AMQPEndpoint]> {
    /// `AMQP_URL`.
    static var brokers: Self {
        Self { text throws(ValueProblem) in
            let (endpoints, problems) = AMQPEndpoint.parseList(text)
            guard problems.isEmpty else { throw ValueProblem("cannot be used: \(problems.joined(separator: "; "))") }
            return endpoints
        }
    }
}

extension ValueParser<Sender> {
    /// A sender as commands name it.
    static var sender: Self {
        Self(
            else: "is not a sender: a number of 7 to 15 digits, a short code of 3 to 6 digits,"
                + " or a name of 1 to 11 letters and digits"
        ) { Sender($0) }
    }
}

extension ValueParser<CIDRBlock> {
    /// A network, or a single address.
    static var network: Self { Self(else: "is not a network such as 192.0.2.0/24") { CIDRBlock($0) } }
}

extension ValueParser<SignatureSecrets> {
    /// A list of secrets, some of them for one account only.
    static var signatureSecrets: Self {
        Self { text throws(ValueProblem) in
            SignatureSecrets(try ValueParser<[String]>.list(of: .text).parse(text))
        }
    }
}

extension ValueParser<String> {
    /// An absolute `http` or `https` URL: scheme, host, and perhaps a port and a path; slashes at the end are dropped.
    static func httpURL(withPath: Bool) -> Self {
        Self { text throws(ValueProblem) in
            guard let url = URL(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme),
                let host = url.host(), !host.isEmpty
            else { throw ValueProblem("is not an http or https URL") }
            guard withPath || ["", "/"].contains(url.path()), url.query() == nil, url.user() == nil,
                url.fragment() == nil
            else { throw ValueProblem("has more than scheme, host\(withPath ? ", port and path" : " and port")") }
            return String(text.reversed().drop { $0 == "/" }.reversed())
        }
    }
}

extension ValueParser<Settings.Store.Location> {
    /// `sqlite:` and the path of a file, or a URI of PostgreSQL.
    static var storeURL: Self {
        Self { text throws(ValueProblem) in
            if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
                if let problem = PostgresStore.problem(ofURI: text) { throw ValueProblem(problem) }
                return .postgres(uri: text)
            }
            guard text.hasPrefix("sqlite:") else { throw ValueProblem("does not begin with sqlite: or postgres://") }
            var path = text.dropFirst("sqlite:".count)
            if path.hasPrefix("///") { path = path.dropFirst(2) }
            guard !path.isEmpty, !path.hasSuffix("/"), !path.hasPrefix("//"), path != ":memory:" else {
                throw ValueProblem("does not name a file")
            }
            return .sqlite(path: String(path))
        }
    }
}

extension ValueParser<String> {
    /// The first digits of telephone numbers, `+` allowed; gives the digits.
    static var numberPrefix: Self {
        Self(else: "is not the beginning of an E.164 number") { text in
            text.wholeMatch(of: /\+?([1-9][0-9]{0,14})/).map { String($0.1) }
        }
    }

    /// A keyword of opt-out or opt-in, which may be two words; gives it in upper case.
    static var keyword: Self {
        Self(else: "has more than the 32 characters of a keyword") { $0.count <= 32 ? $0.uppercased() : nil }
    }

    /// What is answered to a keyword.
    static var replyText: Self {
        Self(else: "has more than the \(SendCommand.Limit.textScalars) characters of a message") { text in
            text.unicodeScalars.count <= SendCommand.Limit.textScalars ? text : nil
        }
    }

    /// An application's private key in PEM, checked as far as that goes without the provider.
    static var privateKey: Self {
        Self { text throws(ValueProblem) in
            guard text.contains("-----BEGIN "), text.contains("PRIVATE KEY-----") else {
                throw ValueProblem("is not a private key in PEM: it has to begin with -----BEGIN PRIVATE KEY-----")
            }
            guard !text.contains("ENCRYPTED") else { throw ValueProblem("is encrypted; give it decrypted") }
            guard VonageCredentials.problem(ofPrivateKey: text) == nil else {
                throw ValueProblem("is not a complete RSA private key of 2,048 bits or more in PEM")
            }
            return text
        }
    }
}

extension ValueParser<PaceLimit> {
    /// `30/s`, `100/15m`, where segments are counted also `30seg/s`; `0` is unlimited.
    package static func rate(allowsSegments: Bool) -> Self {
        let form = allowsSegments ? "30/s, 30seg/s, 100/15m, or 0 for unlimited" : "100/15m, or 0 for unlimited"
        return Self(else: "is not a rate: \(form)") { text in
            if text == "0" { return .unlimited }
            guard let match = text.wholeMatch(of: /([0-9]{1,7})(seg)?\/([^\/]+)/), allowsSegments || match.2 == nil,
                let count = Int(match.1), (1...1_000_000).contains(count),
                let period = DurationText.read(match.3.first?.isNumber == true ? match.3 : "1" + match.3),
                period > .zero
            else { return nil }
            return .limited(count: count, per: period, unit: match.2 == nil ? .requests : .segments)
        }
    }
}

extension ValueParser<WindowRules> {
    /// `1=09:00-20:00,33=08:00-20:00 mon-sat,*=08:00-21:00`: the window of each prefix, `*` for every other number.
    static var sendWindows: Self {
        Self { text throws(ValueProblem) in
            switch WindowRules.read(text) {
            case .success(let rules): return rules
            case .failure(let problems): throw ValueProblem(problems.problems.joined(separator: "; "))
            }
        }
    }
}

extension ValueParser<SenderLimits> {
    /// `14155550100=1/s,*=10/s`: each sender once, `*` for every sender not named.
    static var senderRates: Self {
        Self { text throws(ValueProblem) in
            var rates = SenderLimits()
            var hasOthers = false
            for entry in text.listEntries {
                let pair = entry.split(separator: "=", maxSplits: 1).map { String($0).trimmingBlanks() }
                guard pair.count == 2, let name = pair.first, let rateText = pair.last else {
                    throw ValueProblem("has an entry that is not sender=rate")
                }
                let rate = try ValueParser<PaceLimit>.rate(allowsSegments: true).parse(rateText)
                if name == "*" {
                    guard !hasOthers else { throw ValueProblem("names * twice") }
                    hasOthers = true
                    rates.others = rate
                } else if let sender = Sender(name) {
                    guard rates.named.updateValue(rate, forKey: sender) == nil else {
                        throw ValueProblem("names a sender twice")
                    }
                } else {
                    throw ValueProblem("has an entry for what is neither a number, a short code, a name, nor *")
                }
            }
            return rates
        }
    }
}

extension ValueParser<Settings.Traces.NamedValue> {
    /// `name=value`; in the value a comma is `%2C`, as in a URL.
    static var namedValue: Self {
        Self(else: "is not name=value") { text in
            guard let match = text.wholeMatch(of: /([A-Za-z0-9._\-\/]{1,200})\s*=(.*)/),
                let value = percentDecoded(String(match.2).trimmingBlanks()),
                value.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 })
            else { return nil }
            return (String(match.1), value)
        }
    }

    /// A text with `%2C` and the like as what they stand for; nil where a percent sign has no two digits behind it, or
    /// the bytes are not UTF-8.
    ///
    /// Foundation's own is not in FoundationEssentials.
    private static func percentDecoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.count == 2, digits.allSatisfy(\.isHexDigit), let decoded = UInt8(digits, radix: 16) else {
                return nil
            }
            bytes.append(decoded)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
