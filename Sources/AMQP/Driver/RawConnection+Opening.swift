internal import CRabbitMQ
internal import Glibc

/// Connecting: everything here blocks, within the connect timeout but for name resolution.
extension RawConnection {
    /// Connects and logs in, on the calling thread.
    ///
    /// - Throws: `connectFailed`, `tlsFailed`, `accessRefused`.
    static func open(
        _ endpoint: AMQPEndpoint,
        _ configuration: AMQPConfiguration,
        watch: CallWatch
    ) throws(AMQPError) -> RawConnection {
        guard let handle = unsafe amqp_new_connection() else {
            throw AMQPError(.connectFailed, "no memory for a connection", level: .connection)
        }
        let connection = unsafe RawConnection(handle: handle, watch: watch, endpoint: endpoint.description)
        do {
            try connection.connect(to: endpoint, configuration)
            try connection.login(to: endpoint, configuration)
            try connection.measure()
        } catch {
            connection.close()
            throw error
        }
        return connection
    }

    private func connect(to endpoint: AMQPEndpoint, _ configuration: AMQPConfiguration) throws(AMQPError) {
        let socket =
            if let tls = endpoint.tls {
                unsafe try secureSocket(tls, host: endpoint.host)
            } else {
                unsafe amqp_tcp_socket_new(handle)
            }
        guard let socket = unsafe socket else {
            throw AMQPError(.connectFailed, "no memory for a socket", level: .connection)
        }
        var timeout = timeval(configuration.connectTimeout)
        let status = unsafe amqp_socket_open_noblock(socket, endpoint.host, Int32(endpoint.port), &timeout)
        guard status == AMQP_STATUS_OK.rawValue else { throw Self.unreachable(endpoint, status) }
        watch.guardDescriptor(descriptor)
        guard endpoint.tls != nil else { return }
        session = unsafe TLSSession(of: socket)
        if session == nil {
            throw AMQPError(.tlsFailed, "\(endpoint): OpenSSL does not show its session", level: .connection)
        }
    }

    private func secureSocket(_ tls: AMQPEndpoint.TLS, host: String) throws(AMQPError) -> OpaquePointer? {
        guard let socket = unsafe amqp_ssl_socket_new(handle) else {
            throw AMQPError(.tlsFailed, "OpenSSL could not be set up", level: .connection)
        }
        unsafe crmq_await_session(socket)
        guard unsafe crmq_require_tls12(socket) == AMQP_STATUS_OK.rawValue else {
            throw AMQPError(.tlsFailed, "OpenSSL does not offer TLS 1.2 or newer", level: .connection)
        }
        unsafe amqp_ssl_socket_set_verify_peer(socket, tls.isPeerVerified ? 1 : 0)
        unsafe amqp_ssl_socket_set_verify_hostname(socket, tls.isPeerVerified ? 1 : 0)
        if tls.isPeerVerified, unsafe crmq_verify_address(socket, host) == 1 {
            // The host is an IP address: OpenSSL now compares it with the certificate's IP names, which the library's
            // own check of host names cannot.
            unsafe amqp_ssl_socket_set_verify_hostname(socket, 0)
        }
        if let file = tls.caCertificateFile {
            guard unsafe amqp_ssl_socket_set_cacert(socket, file) == AMQP_STATUS_OK.rawValue else {
                throw AMQPError(.tlsFailed, "the CA certificates in '\(file)' cannot be used", level: .connection)
            }
        } else if unsafe crmq_trust_system(socket) != 1 {
            throw AMQPError(.tlsFailed, "the system's CA certificates cannot be used", level: .connection)
        }
        if let certificate = tls.certificateFile, let key = tls.keyFile {
            guard unsafe amqp_ssl_socket_set_key(socket, certificate, key) == AMQP_STATUS_OK.rawValue else {
                let files = "'\(certificate)' and '\(key)'"
                throw AMQPError(.tlsFailed, "the certificate and key in \(files) cannot be used", level: .connection)
            }
        }
        return unsafe socket
    }

    private func login(to endpoint: AMQPEndpoint, _ configuration: AMQPConfiguration) throws(AMQPError) {
        var timeout = timeval(configuration.connectTimeout)
        guard unsafe amqp_set_handshake_timeout(handle, &timeout) == AMQP_STATUS_OK.rawValue else {
            throw AMQPError(.connectFailed, "the login's time limit could not be set", level: .connection)
        }
        watch.enter(limit: configuration.connectTimeout + .seconds(2))
        defer { watch.leave() }
        let reply = unsafe TableCoding.withTable(Self.clientProperties(configuration)) { properties in
            unsafe crmq_login_plain(
                handle,
                endpoint.virtualHost,
                Int32(AMQPLimits.frameMaxBytes),
                configuration.heartbeatSeconds,
                &properties,
                endpoint.user,
                endpoint.password
            )
        }
        switch unsafe reply.reply_type {
        case AMQP_RESPONSE_NORMAL: return
        case AMQP_RESPONSE_SERVER_EXCEPTION: throw unsafe Self.refused(reply.reply, endpoint)
        default: throw unsafe Self.loginFailed(reply.library_error, endpoint)
        }
    }

    /// The client's properties, sent at login.
    ///
    /// Without `consumer_cancel_notify` a deleted queue would not be noticed.
    private static func clientProperties(_ configuration: AMQPConfiguration) -> AMQPTable {
        [
            "product": .string(configuration.product),
            "version": .string(configuration.productVersion),
            "connection_name": .string(configuration.connectionName),
            "capabilities": [
                "authentication_failure_close": true,
                "basic.nack": true,
                "connection.blocked": true,
                "consumer_cancel_notify": true,
                "exchange_exchange_bindings": true,
                "publisher_confirms": true,
            ],
        ]
    }

    private static func unreachable(_ endpoint: AMQPEndpoint, _ status: Int32) -> AMQPError {
        let isTLS = endpoint.tls != nil && status <= AMQP_STATUS_SSL_ERROR.rawValue
        let text =
            switch status {
            case AMQP_STATUS_HOSTNAME_RESOLUTION_FAILED.rawValue: "the host name is not known"
            case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED.rawValue: "the broker's certificate is for another host name"
            case AMQP_STATUS_SSL_PEER_VERIFY_FAILED.rawValue: "the broker's certificate is not trusted"
            case AMQP_STATUS_SSL_CONNECTION_FAILED.rawValue: "the TLS handshake failed (untrusted certificate?)"
            case AMQP_STATUS_TIMEOUT.rawValue: "no answer within the connect timeout"
            default: unsafe amqp_error_string2(status).map { unsafe String(cString: $0) } ?? "unknown error"
            }
        return AMQPError(
            isTLS ? .tlsFailed : .connectFailed,
            "\(endpoint): \(text)",
            level: .connection,
            libraryCode: status
        )
    }

    private static func loginFailed(_ status: Int32, _ endpoint: AMQPEndpoint) -> AMQPError {
        let text =
            status == AMQP_STATUS_TIMEOUT.rawValue
            ? "no answer to the login" : unsafe amqp_error_string2(status).map { unsafe String(cString: $0) } ?? "?"
        return AMQPError(
            .connectFailed,
            "\(endpoint): login failed, \(text)",
            level: .connection,
            libraryCode: status
        )
    }

    private static func refused(_ method: amqp_method_t, _ endpoint: AMQPEndpoint) -> AMQPError {
        guard case .connectionClose(let code, let text) = unsafe MethodDecoding.method(method) else {
            return AMQPError(.connectFailed, "\(endpoint): login refused", level: .connection)
        }
        // 403: user or password; 530: no such virtual host, or no right to it.
        let meaning: AMQPError.Code = code == 403 || code == 530 ? .accessRefused : .connectFailed
        return AMQPError(meaning, "\(endpoint): \(text)", level: .connection, replyCode: code)
    }
}

extension AMQPValue: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, AMQPValue)...) {
        self = .table(AMQPTable(elements) { _, last in last })
    }
}

extension timeval {
    fileprivate init(_ duration: Duration) {
        let milliseconds = duration.millisecondsRoundedUp
        self.init(tv_sec: Int(milliseconds / 1000), tv_usec: Int(milliseconds % 1000) * 1000)
    }
}
