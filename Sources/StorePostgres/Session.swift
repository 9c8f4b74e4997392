internal import CLibPQ
internal import Contracts
internal import Glibc
internal import StoreSupport

/// One connection to the database, made when it is needed and made again when it is lost.
///
/// It belongs to one thread. Every call ends by its deadline: a server that does not answer by then loses the connection,
/// so that no late answer can be taken for another call's.
@safe package final class Session {
    /// How long a statement may take, its transport included; the server gives up earlier by itself.
    static let answerLimit: Duration = .seconds(12)
    /// How long a statement of a migration may take: indexes of large tables are made in one.
    static let migrationLimit: Duration = .seconds(3600)
    /// How soon another attempt to connect is made: the first and the longest pause.
    static let pauses: ClosedRange<Duration> = .milliseconds(100) ... .seconds(5)

    private let settings: ConnectionSettings
    private let board: ConnectionBoard
    /// Called with each new connection before it is used.
    private let prepare: (Session) throws -> Void
    private var connection: OpaquePointer?
    private var statements: [String: String] = [:]
    private var notBefore: ContinuousClock.Instant?
    private var pause = Session.pauses.lowerBound
    private var lastFailure: StoreError?
    /// How long the server's answers are waited for.
    private var limit = Session.answerLimit

    /// A session that is not connected yet.
    init(
        _ settings: ConnectionSettings,
        board: ConnectionBoard,
        prepare: @escaping (Session) throws -> Void = { _ in }
    ) {
        self.settings = settings
        self.board = board
        self.prepare = prepare
    }

    deinit {
        close()
    }

    /// Whether a connection is there, as far as is known.
    var isConnected: Bool { unsafe connection != nil }

    /// Whether the last call began on a connection that had been used before.
    private(set) var wasConnected = false

    /// Ends the connection; the next call makes a new one.
    func close() {
        guard let open = unsafe connection else { return }
        unsafe PQfinish(open)
        unsafe connection = nil
        statements = [:]
        board.noteClosed()
    }

    /// Runs a prepared statement; `?` or `?1` stand for arguments.
    ///
    /// - Throws: ``StoreError``; `unavailable` when the connection is lost or cannot be made.
    func execute(_ sql: String, _ arguments: [ColumnValue] = []) throws -> Answer {
        let connection = unsafe try connected()
        let name = unsafe try statement(sql, arguments, on: connection)
        return unsafe try Self.withArguments(arguments) { values, lengths, formats in
            let count = Int32(arguments.count)
            guard unsafe PQsendQueryPrepared(connection, name, count, values, lengths, formats, 0) == 1 else {
                throw unsafe lost(connection)
            }
            return unsafe try answer(on: connection)
        }
    }

    /// Runs one or more statements without arguments and without preparing them.
    ///
    /// - Throws: ``StoreError``.
    func run(_ sql: String) throws {
        let connection = unsafe try connected()
        unsafe try run(sql, on: connection)
    }

    /// Runs a body that waits for each answer for as long as `limit`; the server's own limits stay as they are.
    func waiting<Value>(upTo limit: Duration, _ body: () throws -> Value) throws -> Value {
        self.limit = limit
        defer { self.limit = Self.answerLimit }
        return try body()
    }

    private func run(_ sql: String, on connection: OpaquePointer) throws {
        guard unsafe PQsendQuery(connection, sql) == 1 else { throw unsafe lost(connection) }
        _ = unsafe try answer(on: connection)
    }

    // MARK: Connecting

    private func connected() throws -> OpaquePointer {
        if let open = unsafe connection {
            if unsafe PQstatus(open) == CONNECTION_OK {
                wasConnected = true
                return unsafe open
            }
            close()
        }
        wasConnected = false
        if let notBefore, let lastFailure, ContinuousClock.now < notBefore { throw lastFailure }
        do {
            let new = unsafe try dial()
            unsafe connection = new
            unsafe try run(settings.sessionCommands, on: new)
            try prepare(self)
            pause = Self.pauses.lowerBound
            notBefore = nil
            return unsafe new
        } catch {
            close()
            let failure = (error as? StoreError) ?? StoreError(.other, "The store failed.", underlying: error)
            lastFailure = failure
            notBefore = ContinuousClock.now + pause * Double.random(in: 0.5...1)
            pause = min(pause * 2, Self.pauses.upperBound)
            throw failure
        }
    }

    /// Connects to the first host that takes it; libpq gives each host its `connect_timeout`.
    private func dial() throws -> OpaquePointer {
        let (keywords, values) = settings.parameters
        let new = unsafe CStrings.with(keywords) { keywords in
            unsafe CStrings.with(values) { values in unsafe PQconnectdbParams(keywords, values, 1) }
        }
        guard let new = unsafe new else { throw StoreError(.other, "There is no memory left.", isRetriable: true) }
        guard unsafe PQstatus(new) == CONNECTION_OK, unsafe PQsetnonblocking(new, 1) == 0 else {
            defer { unsafe PQfinish(new) }
            throw StoreError(
                .unavailable,
                "No connection to the database: \(ConnectionSettings.redacted(unsafe String(cString: PQerrorMessage(new)))).",
                isRetriable: true
            )
        }
        unsafe PQsetNoticeReceiver(new, { _, _ in }, nil)
        board.noteOpened()
        return unsafe new
    }

    // MARK: Statements

    /// The name of a statement on this connection, prepared when it is new.
    ///
    /// Their number is that of the texts in this program.
    private func statement(
        _ sql: String,
        _ arguments: [ColumnValue],
        on connection: OpaquePointer
    ) throws -> String {
        if let known = statements[sql] { return known }
        let name = "s\(statements.count)"
        let types: [Oid] = arguments.map(\.typeNumber)
        let sent = unsafe types.withUnsafeBufferPointer { types in
            unsafe PQsendPrepare(
                connection,
                name,
                Placeholders.numbered(sql),
                Int32(types.count),
                types.baseAddress
            )
        }
        guard sent == 1 else { throw unsafe lost(connection) }
        _ = unsafe try answer(on: connection)
        statements[sql] = name
        return name
    }

    // MARK: Waiting

    /// Waits for the answer to what was sent.
    private func answer(on connection: OpaquePointer) throws -> Answer {
        let deadline = ContinuousClock.now + limit
        var last: Answer?
        var failure: StoreError?
        while true {
            unsafe try awaitAnswer(on: connection, until: deadline)
            guard let result = unsafe PQgetResult(connection) else { break }
            let next = unsafe Answer(result)
            if let error = next.failure { failure = failure ?? error }
            last = next
        }
        if unsafe PQstatus(connection) != CONNECTION_OK { throw unsafe lost(connection) }
        if let failure {
            // After these the server ends the session; the next call must not meet its end.
            if failure.code == .unavailable { close() }
            throw failure
        }
        guard let last else { throw unsafe lost(connection) }
        return last
    }

    /// Sends what is still to be sent and reads until a result can be taken without blocking.
    private func awaitAnswer(on connection: OpaquePointer, until deadline: ContinuousClock.Instant) throws {
        while true {
            let flushed = unsafe PQflush(connection)
            if flushed < 0 { throw unsafe lost(connection) }
            if flushed == 0, unsafe PQisBusy(connection) == 0 { return }
            let left = deadline - ContinuousClock.now
            var polled = pollfd(
                fd: unsafe PQsocket(connection),
                events: Int16(POLLIN) | (flushed > 0 ? Int16(POLLOUT) : 0),
                revents: 0
            )
            let ready = unsafe poll(&polled, 1, Int32(clamping: max(left.wholeMilliseconds, 0)))
            if ready == 0 || (ready < 0 && errno != EINTR) {
                close()
                throw StoreError(.unavailable, "The database did not answer in time.", isRetriable: true)
            }
            if ready > 0, polled.revents & ~Int16(POLLOUT) != 0, unsafe PQconsumeInput(connection) == 0 {
                throw unsafe lost(connection)
            }
        }
    }

    /// The connection is of no more use.
    private func lost(_ connection: OpaquePointer) -> StoreError {
        let text = ConnectionSettings.redacted(unsafe String(cString: PQerrorMessage(connection)))
        close()
        return StoreError(.unavailable, "The connection to the database was lost: \(text).", isRetriable: true)
    }

    // MARK: Arguments

    /// Hands arguments over as libpq wants them: text, and bytes as they are.
    private static func withArguments<Value>(
        _ arguments: [ColumnValue],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) throws -> Value
    ) throws -> Value {
        var bytes: [CChar] = []
        var starts: [Int?] = []
        var lengths: [Int32] = []
        var formats: [Int32] = []
        for argument in arguments {
            let start = bytes.count
            switch argument {
            case .null:
                starts.append(nil)
            case .integer(let number):
                bytes.append(contentsOf: "\(number)".utf8.lazy.map { CChar(bitPattern: $0) })
                starts.append(start)
            case .text(let text):
                // PostgreSQL's text holds no NUL; its visible sign stands for it.
                for byte in text.utf8 {
                    if byte == 0 {
                        bytes.append(contentsOf: "\u{2400}".utf8.lazy.map { CChar(bitPattern: $0) })
                    } else {
                        bytes.append(CChar(bitPattern: byte))
                    }
                }
                starts.append(start)
            case .bytes(let value):
                bytes.append(contentsOf: value.lazy.map { CChar(bitPattern: $0) })
                starts.append(start)
            }
            lengths.append(Int32(bytes.count - start))
            if case .bytes = argument { formats.append(1) } else { formats.append(0) }
            bytes.append(0)
        }
        return try unsafe bytes.withUnsafeBufferPointer { bytes in
            let pointers = unsafe starts.map { start in
                unsafe start.flatMap { unsafe bytes.baseAddress?.advanced(by: $0) }
            }
            return try unsafe pointers.withUnsafeBufferPointer { pointers in
                try unsafe lengths.withUnsafeBufferPointer { lengths in
                    try unsafe formats.withUnsafeBufferPointer { formats in
                        try unsafe body(pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}

extension ColumnValue {
    /// What the server is to take an argument for: int8, text, bytea; 0 for what it finds out by itself.
    fileprivate var typeNumber: Oid {
        switch self {
        case .null: 0
        case .integer: 20
        case .text: 25
        case .bytes: 17
        }
    }
}
