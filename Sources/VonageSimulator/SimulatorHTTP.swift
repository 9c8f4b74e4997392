import NIOCore

/// An answer of the simulator.
struct SimulatorResponse: Sendable {
    var status: Int
    var headers: [(name: String, value: String)] = []
    var body = ByteBuffer()

    /// An answer in JSON.
    ///
    /// - Parameters:
    ///   - status: the HTTP status.
    ///   - json: the body.
    ///   - contentType: its media type.
    init(status: Int, json: [UInt8], contentType: String = "application/json") {
        self.status = status
        headers = [("Content-Type", contentType)]
        body = ByteBuffer(bytes: json)
    }

    /// An answer of any kind.
    ///
    /// - Parameters:
    ///   - status: the HTTP status.
    ///   - headers: the headers besides the length.
    ///   - body: the body.
    init(status: Int, headers: [(name: String, value: String)] = [], body: String = "") {
        self.status = status
        self.headers = headers
        self.body = ByteBuffer(string: body)
    }
}

/// What the simulator does about a request: not every one gets an answer.
enum SimulatorAction: Sendable {
    /// Answers, after a while.
    case answer(SimulatorResponse, after: Duration)
    /// Closes the connection.
    case close
    /// Holds the connection until the client lets go.
    case hang
    /// Answers with a body of unknown length: the head, then what is written until the closure returns.
    case stream(SimulatorResponse, @Sendable (SimulatorStreamWriter) async -> Void)
}
