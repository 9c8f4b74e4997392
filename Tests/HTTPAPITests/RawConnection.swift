import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A connection on which a test says what no HTTP client would.
final class RawConnection {
    /// One answer as it was read.
    struct Answer {
        let head: String
        let body: String

        /// The status in its first line; 0 for no answer.
        var status: Int { head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }

        /// The value of a header field.
        func header(_ name: String) -> String? {
            let line = head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("\(name.lowercased()):") }
            return line.map { String($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
        }
    }

    private let channel: any Channel
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var unread = ""

    private init(
        _ channel: any Channel,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) {
        self.channel = channel
        self.outbound = outbound
        self.inbound = inbound
    }

    /// Connects for the time of `body`, from another address of loopback where one is named.
    static func to<Result>(
        _ port: Int,
        from address: String? = nil,
        _ body: (RawConnection) async throws -> Result
    ) async throws -> Result {
        var bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        if let address { bootstrap = bootstrap.bind(to: try SocketAddress(ipAddress: address, port: 0)) }
        let channel =
            try await bootstrap
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(RawConnection(channel.channel, outbound, inbound.makeAsyncIterator()))
        }
    }

    func send(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    /// Sends one piece after the other, with short rests, until `body` is done or the connection is.
    func trickling<Result>(_ piece: String, _ body: (RawConnection) async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { [outbound] in
                do {
                    while !Task.isCancelled {
                        try await outbound.write(ByteBuffer(string: piece))
                        try await Task.sleep(for: .milliseconds(5))
                    }
                } catch {
                    // The other side has had enough, or the test has.
                }
            }
            let result = try await body(self)
            tasks.cancelAll()
            return result
        }
    }

    /// Sends the same over and over, reading nothing, until the connection fails.
    func flood(_ text: String) async throws {
        let many = ByteBuffer(string: String(repeating: text, count: max(1, 65_536 / text.utf8.count)))
        do {
            try await channel.setOption(.autoRead, value: false).get()
            while true { try await outbound.write(many) }
        } catch let error as CancellationError {
            throw error
        } catch {
            // This is how it ends.
        }
    }

    /// Says that nothing more will be sent.
    func endOutput() {
        outbound.finish()
    }

    /// Breaks the connection off, so that the other side gets a reset.
    func reset() async throws {
        let now = linger(l_onoff: 1, l_linger: 0)
        try await (channel as? any SocketOptionProvider)?.setSoLinger(now).get()
        try await channel.close()
    }

    /// The next answer; one with an empty head when the connection ends instead.
    func answer() async throws -> Answer {
        while true {
            if let end = unread.firstRange(of: "\r\n\r\n") {
                let head = Answer(head: String(unread[..<end.lowerBound]), body: "")
                let length = head.header("content-length").flatMap { Int($0) } ?? 0
                let rest = unread[end.upperBound...]
                if rest.utf8.count >= length {
                    let body = String(decoding: rest.utf8.prefix(length), as: UTF8.self)
                    unread = String(decoding: rest.utf8.dropFirst(length), as: UTF8.self)
                    return Answer(head: head.head, body: body)
                }
            }
            guard let piece = try await inbound.next(isolation: #isolation) else { return Answer(head: "", body: "") }
            unread += String(buffer: piece)
        }
    }

    /// What comes until the other side ends its output, or breaks the connection off.
    func rest() async throws -> String {
        defer { unread = "" }
        do {
            while let piece = try await inbound.next(isolation: #isolation) { unread += String(buffer: piece) }
        } catch let error as IOError where error.errnoCode == ECONNRESET {
            // It had not read all that was sent to it.
        }
        return unread
    }
}
