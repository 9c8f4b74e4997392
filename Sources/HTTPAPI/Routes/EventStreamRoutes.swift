import Bridge
import Contracts
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization

/// `GET /events`: the events as they are published, as server-sent events
/// (https://html.spec.whatwg.org/multipage/server-sent-events.html).
///
/// A client costs one place and a look every quarter of a second, whatever flows; what it does not get is counted for
/// it. A stream ends after some minutes, or when the service stops, and the client comes again.
struct EventStreamRoutes: Sendable {
    /// How many clients may follow at a time.
    static let clientLimit = 16
    private static let interval: Duration = .milliseconds(250)
    /// How long a stream lasts; the connection's own deadline is later.
    private static let length: Duration = .seconds(540)
    /// How long nothing may be written, so that no proxy takes the connection for dead.
    private static let silence: Duration = .seconds(15)

    /// Nil while another process serves; then every request is answered 503.
    let tap: EventTap?
    private let clients = ClientCount()

    /// The stream of a tap.
    init(tap: EventTap?) {
        self.tap = tap
    }

    /// Adds `/events`.
    ///
    /// - Parameters:
    ///   - routes: where to add it.
    ///   - guarded: lets only callers with access through.
    func add(to routes: inout RouteTable, through guarded: APIRoutes) {
        guarded.add(
            "/events",
            .following,
            to: &routes,
            [.get: { _, _ in try follow() }, .head: { _, _ in Response(status: .ok, headers: Self.headers) }]
        )
    }

    private static let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]

    private func follow() throws -> Response {
        guard let tap else { throw NotServing() }
        guard let place = clients.enter() else {
            throw HTTPProblem.comeAgain(after: .seconds(10), "\(Self.clientLimit) clients follow the events already.")
        }
        let body = ResponseBody { writer in
            try await Self.write(tap, to: &writer)
            try await writer.finish(nil)
            place.keep()
        }
        return Response(status: .ok, headers: Self.headers, body: body)
    }

    @concurrent
    private static func write(_ tap: EventTap, to writer: inout any ResponseBodyWriter) async throws {
        let start = ContinuousClock.now
        var place = tap.look(from: nil).place
        var written = start
        let greeting: JSONValue = .object(["shown_per_second": .integer(Int64(EventTap.shownPerSecond))])
        try await writer.write(ByteBuffer(string: "retry: 2000\n" + frame("hello", greeting)))
        while ContinuousClock.now - start < length, !Task.isCancelled, !Task.isShuttingDownGracefully {
            try await ContinuousClock().sleep(for: interval)
            let look = tap.look(from: place)
            place = look.place
            var text = look.events.map { frame("published", $0) }.joined()
            if look.omitted > 0 { text += frame("omitted", .object(["count": .integer(look.omitted)])) }
            if text.isEmpty, ContinuousClock.now - written > silence { text = ": alive\n\n" }
            guard !text.isEmpty else { continue }
            try await writer.write(ByteBuffer(string: text))
            written = .now
        }
    }

    /// One event of the stream; JSON has no line breaks.
    private static func frame(_ name: String, _ data: JSONValue) -> String {
        "event: \(name)\ndata: \(String(decoding: JSONBytes.encode(data), as: UTF8.self))\n\n"
    }
}

/// How many clients follow.
private final class ClientCount: Sendable {
    /// One client's place, given back when nothing holds it any more: also where its stream was never begun.
    final class Place: Sendable {
        private let owner: ClientCount

        fileprivate init(_ owner: ClientCount) {
            self.owner = owner
        }

        deinit { owner.count.withLock { $0 -= 1 } }

        /// Marks that the place is held until here.
        func keep() {}
    }

    private let count = Mutex(0)

    /// - Returns: nil when there are too many.
    func enter() -> Place? {
        let isIn = count.withLock { count in
            guard count < EventStreamRoutes.clientLimit else { return false }
            count += 1
            return true
        }
        return isIn ? Place(self) : nil
    }
}
