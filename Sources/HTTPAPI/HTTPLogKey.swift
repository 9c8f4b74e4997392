/// The keys of this module's log lines.
package enum HTTPLogKey {
    /// Which of the server's ports: `main` or `webhooks`.
    package static let listener = "http.listener"
    /// The address that is listened on.
    package static let host = "http.host"
    /// The port that is listened on.
    package static let port = "http.port"
    /// The method of a request that was turned away.
    package static let method = "http.method"
    /// The path of a request that was turned away, as ``LoggedPath`` has it.
    package static let path = "http.path"
    /// The path's pattern, such as `/messages/{id}`.
    package static let route = "http.route"
    /// Who asked: a short digest of the API key, or the address where there are no keys.
    package static let caller = "http.caller"
    /// How long the answer took.
    package static let durationMS = "http.duration_ms"
    /// The status that was answered.
    package static let status = "http.status"
    /// How many requests were turned away without a line of their own since the last line.
    package static let unlogged = "http.unlogged"
    /// The limit that was met.
    package static let limit = "http.limit"
    /// What went wrong, as the name of its type: its text might quote the request.
    package static let error = "http.error"
}
