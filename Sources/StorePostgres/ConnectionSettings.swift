internal import CLibPQ
internal import StoreSupport

/// How connections are made: libpq's URI, and what it leaves open.
struct ConnectionSettings: Sendable {
    /// What libpq connects to: `postgres://user:password@host[:port][,host…]/database?sslmode=…`.
    let uri: String
    /// The schema that holds the tables; nil for the server's own choice (`public`).
    let schema: String?

    /// Keywords and values for `PQconnectdbParams`: those before `dbname`, which is the URI, yield to it.
    var parameters: (keywords: [String], values: [String]) {
        let pairs = [
            ("application_name", "sms-bridge"),
            // Per host; a server that takes the connection and says nothing counts as well.
            ("connect_timeout", "3"),
            // Of several hosts the one that takes changes.
            ("target_session_attrs", "read-write"),
            ("keepalives_idle", "5"),
            ("keepalives_interval", "2"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", "10000"),
            ("dbname", uri),
            ("client_encoding", "UTF8"),
        ]
        return (pairs.map(\.0), pairs.map(\.1))
    }

    /// What each new connection is set to.
    ///
    /// The server gives up before the caller does. A process that is frozen in the middle of a transaction loses it, and
    /// with it the locks that others wait for.
    var sessionCommands: String {
        var commands = """
            SET statement_timeout TO '8s'; SET lock_timeout TO '5s'; SET idle_in_transaction_session_timeout TO '5s'; \
            SET default_transaction_isolation TO 'read committed'; SET timezone TO 'UTC'; SET bytea_output TO 'hex'
            """
        // Where the server confirms commits that are not on its disk, this one does not.
        commands += "; SELECT set_config('synchronous_commit', 'on', false)"
        commands += " WHERE current_setting('synchronous_commit') IN ('off', 'local')"
        if let schema { commands += "; SET search_path TO \"\(schema)\"" }
        return commands
    }

    /// What is wrong with a URI; nil when libpq can read it.
    static func problem(of uri: String) -> String? {
        var message: UnsafeMutablePointer<CChar>?
        let options = unsafe PQconninfoParse(uri, &message)
        defer {
            unsafe PQconninfoFree(options)
            unsafe PQfreemem(message)
        }
        if unsafe options != nil { return nil }
        // libpq quotes the URI in its message, and with it the password.
        return "is not a URI that libpq can read: postgres://user:password@host[:port][,host]/database?sslmode="
    }

    /// The first line of a message of libpq's, without user names and addresses' passwords (it shows none), on one line.
    static func redacted(_ message: String) -> String {
        message.split(whereSeparator: \.isNewline).prefix(2).joined(separator: "; ")
    }
}
