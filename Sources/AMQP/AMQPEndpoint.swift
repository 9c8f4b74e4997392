/// One broker address: where, as whom, and over what.
package struct AMQPEndpoint: Sendable, Hashable {
    /// Certificates and checks of an `amqps` address.
    package struct TLS: Sendable, Hashable {
        /// PEM file of the certificate authorities to trust; nil trusts the system's.
        package var caCertificateFile: String?
        /// PEM file of the client's certificate.
        package var certificateFile: String?
        /// PEM file of the client's key; given together with the certificate.
        package var keyFile: String?
        /// Whether the broker's certificate and host name are checked; true unless `verify=verify_none`.
        package var isPeerVerified: Bool

        /// Creates TLS settings; by default the system's authorities are trusted and the peer is checked.
        package init(
            caCertificateFile: String? = nil,
            certificateFile: String? = nil,
            keyFile: String? = nil,
            isPeerVerified: Bool = true
        ) {
            self.caCertificateFile = caCertificateFile
            self.certificateFile = certificateFile
            self.keyFile = keyFile
            self.isPeerVerified = isPeerVerified
        }
    }

    /// Host name or IP address, without brackets.
    package var host: String
    /// TCP port; 5672, or 5671 with TLS.
    package var port: Int
    /// Virtual host; `/` by default.
    package var virtualHost: String
    /// User name.
    package var user: String
    /// Password; never in a description.
    package var password: String
    /// TLS settings; nil for plain TCP.
    package var tls: TLS?

    /// Creates an endpoint.
    package init(
        host: String,
        port: Int? = nil,
        virtualHost: String = "/",
        user: String = "guest",
        password: String = "guest",
        tls: TLS? = nil
    ) {
        self.host = host
        self.port = port ?? (tls == nil ? 5672 : 5671)
        self.virtualHost = virtualHost
        self.user = user
        self.password = password
        self.tls = tls
    }
}

extension AMQPEndpoint: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The address without user and password.
    package var description: String {
        let shownHost = host.contains(":") ? "[\(host)]" : host
        let path = virtualHost == "/" ? "/" : "/\(virtualHost)"
        return "\(tls == nil ? "amqp" : "amqps")://\(shownHost):\(port)\(path)"
    }

    package var debugDescription: String { description }

    /// Hides the password from `dump` and string interpolation of enclosing values.
    package var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}
