extension AMQPEndpoint {
    /// Reads comma-separated addresses `amqp[s]://user:password@host:port/vhost[?cacertfile=&certfile=&keyfile=&verify=]`.
    ///
    /// User, password and virtual host are percent-decoded. `verify` is `verify_peer` (default) or `verify_none`.
    /// - Returns: the addresses that could be read, and every problem found as a sentence without secrets.
    package static func parseList(_ text: String) -> (endpoints: [AMQPEndpoint], problems: [String]) {
        var endpoints: [AMQPEndpoint] = []
        var problems: [String] = []
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
        if parts.allSatisfy(\.isEmpty) { return ([], ["no address is given"]) }
        for (index, part) in parts.enumerated() {
            var found: [String] = []
            if let endpoint = parse(part, problems: &found), found.isEmpty { endpoints.append(endpoint) }
            let place = parts.count == 1 ? "" : "address \(index + 1): "
            problems += found.map { place + $0 }
        }
        return (endpoints, problems)
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }

    private static func parse(_ text: Substring, problems: inout [String]) -> AMQPEndpoint? {
        var rest = text
        var tls: TLS?
        if let plain = rest.dropping(prefix: "amqp://") {
            rest = plain
        } else if let secure = rest.dropping(prefix: "amqps://") {
            rest = secure
            tls = TLS()
        } else {
            problems.append("it does not begin with amqp:// or amqps://")
            return nil
        }
        if rest.contains("#") { problems.append("'#' must be written as %23") }
        let query = rest.cut(at: "?")
        let path = rest.cut(at: "/")
        let authority = rest
        var endpoint = AMQPEndpoint(host: "", tls: tls)
        readAuthority(authority, into: &endpoint, problems: &problems)
        readVirtualHost(path, into: &endpoint, problems: &problems)
        readQuery(query, into: &endpoint, problems: &problems)
        return endpoint
    }

    private static func readAuthority(
        _ authority: Substring,
        into endpoint: inout AMQPEndpoint,
        problems: inout [String]
    ) {
        var address = authority
        if let at = authority.lastIndex(of: "@") {
            var credentials = authority[..<at]
            address = authority[authority.index(after: at)...]
            let password = credentials.cut(at: ":")
            endpoint.user = decoded(credentials, as: "the user name", &problems) ?? ""
            endpoint.password = decoded(password ?? "", as: "the password", &problems) ?? ""
        }
        var port: Substring?
        if address.first == "[" {
            guard let close = address.firstIndex(of: "]") else {
                problems.append("the host lacks its closing bracket")
                return
            }
            endpoint.host = String(address[address.index(after: address.startIndex)..<close])
            var after = address[address.index(after: close)...]
            if after.first == ":" { port = after.cut(at: ":") }
            if !after.isEmpty { problems.append("something stands between the host and the port") }
        } else {
            port = address.cut(at: ":")
            endpoint.host = decoded(address, as: "the host", &problems) ?? ""
        }
        if endpoint.host.isEmpty { problems.append("the host is missing") }
        if let port {
            guard let number = Int(port), (1...65_535).contains(number) else {
                problems.append("the port is not a number from 1 to 65535")
                return
            }
            endpoint.port = number
        }
    }

    private static func readVirtualHost(
        _ path: Substring?,
        into endpoint: inout AMQPEndpoint,
        problems: inout [String]
    ) {
        // By RabbitMQ's URI rules "amqp://host/" names the virtual host with an empty name, which is not used in
        // practice.
        guard let path, !path.isEmpty else { return }
        if path.contains("/") { problems.append("'/' in the virtual host must be written as %2F") }
        endpoint.virtualHost = decoded(path, as: "the virtual host", &problems) ?? "/"
    }

    private static func readQuery(_ query: Substring?, into endpoint: inout AMQPEndpoint, problems: inout [String]) {
        guard let query, !query.isEmpty else { return }
        for pair in query.split(separator: "&") {
            var name = pair
            let value = name.cut(at: "=").flatMap { decoded($0, as: "parameter \(name)", &problems) } ?? ""
            guard ["cacertfile", "certfile", "keyfile", "verify"].contains(name) else {
                problems.append("parameter '\(name)' is not known")
                continue
            }
            guard var tls = endpoint.tls else {
                problems.append("parameter '\(name)' needs amqps")
                continue
            }
            switch name {
            case "cacertfile": tls.caCertificateFile = value
            case "certfile": tls.certificateFile = value
            case "keyfile": tls.keyFile = value
            default:
                switch value {
                case "verify_peer", "peer": tls.isPeerVerified = true
                case "verify_none", "none": tls.isPeerVerified = false
                default: problems.append("parameter 'verify' is neither verify_peer nor verify_none")
                }
            }
            if value.isEmpty { problems.append("parameter '\(name)' has no value") }
            endpoint.tls = tls
        }
        if let tls = endpoint.tls, (tls.certificateFile == nil) != (tls.keyFile == nil) {
            problems.append("certfile and keyfile go together")
        }
    }

    /// Percent-decodes; a wrong escape, a NUL or broken UTF-8 is a problem.
    private static func decoded(_ text: Substring, as what: String, _ problems: inout [String]) -> String? {
        var bytes: [UInt8] = []
        var input = text.utf8.makeIterator()
        while let byte = input.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = input.next().flatMap(hexDigit), let low = input.next().flatMap(hexDigit) else {
                problems.append("\(what) holds a '%' that is not an escape (write it as %25)")
                return nil
            }
            bytes.append(high << 4 | low)
        }
        guard !bytes.contains(0), let decoded = String(validating: bytes, as: UTF8.self) else {
            problems.append("\(what) is not UTF-8 text")
            return nil
        }
        return decoded
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension Substring {
    /// What follows a prefix, or nil without it.
    fileprivate func dropping(prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }

    /// Keeps what stands before the first separator and returns what follows it, or nil without one.
    fileprivate mutating func cut(at separator: Character) -> Substring? {
        guard let index = firstIndex(of: separator) else { return nil }
        let tail = self[self.index(after: index)...]
        self = self[..<index]
        return tail
    }
}
