import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import Testing

@testable import VonageSimulator

@Suite("What an open page is sent", .timeLimit(.minutes(5)))
struct PageEventsTests {
    @Test("First all that there is, then what happens, each as one event")
    func events() async throws {
        try await withListener { simulator, _ async throws in
            _ = try await simulator.send { $0["text"] = #""before""# }
            #expect(await simulator.wait(.seconds(60)) { $0.webhooks.count == 2 })
            let stream = try await EventReader(simulator)
            #expect(stream.contentType == "text/event-stream")
            let first = try await stream.next()
            #expect(first.name == "snapshot")
            #expect(first.batch.requests.map(\.message?.text) == ["before"])
            #expect(first.batch.requests.first?.message?.receipts?.map(\.status) == ["submitted", "delivered"])
            #expect(first.batch.counts.messages == 1)
            #expect(first.batch.postsWebhooks == true)

            simulator.setFaults([FaultRule(.status, times: 1, status: "503")])
            let faults = try await stream.next { $0.faults != nil }
            #expect(faults.name == "changes")
            #expect(faults.batch.faults?.map(\.fault) == [.status])

            #expect(try await simulator.send().status == 503)
            let refused = try await stream.next { !$0.requests.isEmpty }
            #expect(refused.batch.requests.map(\.status) == [503])
            #expect(refused.batch.requests.map(\.fault) == ["status"])
            #expect(refused.batch.counts.messages == 1 && refused.batch.counts.requests == 2)

            simulator.receiveInbound(from: "447700900001", to: "14155550100", text: "STOP")
            let inbound = try await stream.next { !$0.inbound.isEmpty }
            #expect(inbound.batch.inbound.map(\.text) == ["STOP"])

            simulator.clear()
            let cleared = try await stream.next { $0.counts.requests == 0 }
            #expect(cleared.name == "snapshot")
            #expect(cleared.batch.requests.isEmpty && cleared.batch.inbound.isEmpty)
        }
    }

    @Test("Nothing is sent twice, and nothing is left out, while a page opens")
    func opening() async throws {
        try await withSimulator { simulator async throws in
            let sending = Task { for _ in 0..<60 { _ = try await simulator.send() } }
            let stream = try await EventReader(simulator)
            var ids: [String] = []
            while ids.count < 60 {
                let event = try await stream.next()
                if event.name == "snapshot" { ids = [] }
                ids += event.batch.requests.compactMap(\.message?.messageUUID)
            }
            try await sending.value
            #expect(ids == simulator.messages.map(\.messageUUID))
        }
    }

    @Test("A page that does not read holds up nothing, and is sent the latest and how many it missed")
    func slowPage() async throws {
        try await withSimulator { simulator async throws in
            let (number, page) = try #require(simulator.ledger.pages.enter())
            for index in 0..<5_000 {
                simulator.ledger.add(
                    SimulatedRequest(
                        receivedAt: "2026-11-28T00:00:00.000Z",
                        status: 503,
                        to: "\(index)",
                        messageUUID: nil,
                        fault: nil
                    ),
                    nil
                )
            }
            guard case .everything(let notes) = page.take(now: .now) else {
                Issue.record("the first batch is not all")
                return
            }
            #expect(notes.leftOut == 5_000 - PageBacklog.capacity)
            simulator.ledger.pages.leave(number)
            #expect(simulator.ledger.pages.count == 0)
        }
    }

    @Test("There is a bound on open pages, and one that goes makes room")
    func mostPages() async throws {
        try await withSimulator { simulator async throws in
            let pages = simulator.ledger.pages
            let taken = (1..<PageAudience.mostPages).compactMap { _ in pages.enter()?.number }
            var stream: EventReader? = try await EventReader(simulator)
            _ = try await stream?.next()
            let refused = try await simulator.request(.GET, "/simulator/events")
            #expect(refused.status == 503)
            #expect(refused.headers.first(name: "Retry-After") == "10")
            // The connection closes with its reader; the next change shows it to the simulator.
            stream = nil
            let hasRoom = await poll { pages.count == taken.count }
            #expect(hasRoom)
        }
    }

    @Test("The simulator ends although a page is open")
    func ends() async throws {
        var stream: EventReader?
        try await withSimulator { simulator async throws in
            stream = try await EventReader(simulator)
            _ = try await stream?.next()
        }
        await #expect(throws: (any Error).self) { try await stream?.next() }
    }
}

@Suite("What gathers for a page")
struct PageBacklogTests {
    private let start = ContinuousClock.now

    private func request(_ index: Int) -> PageChange {
        .request(
            SimulatedRequest(receivedAt: "", status: 202, to: "\(index)", messageUUID: nil, fault: nil),
            nil
        )
    }

    /// A backlog whose page knows all up to a change.
    private func open(upTo sequence: Int = 0) -> PageBacklog {
        var backlog = PageBacklog()
        _ = backlog.take(now: start)
        backlog.noteWhole(upTo: sequence)
        return backlog
    }

    @Test("The first batch is all there is; then nothing, until something happens")
    func first() {
        var backlog = PageBacklog()
        guard case .everything = backlog.take(now: start) else {
            Issue.record("not all")
            return
        }
        backlog.noteWhole(upTo: 7)
        backlog.add(request(1), 7)
        guard case .nothing = backlog.take(now: start) else {
            Issue.record("what the page knows is sent again")
            return
        }
        backlog.add(request(1), 8)
        guard case .changes(let changes, let notes) = backlog.take(now: start) else {
            Issue.record("not the change")
            return
        }
        #expect(changes.count == 1)
        #expect(notes == PageBacklog.Notes())
    }

    @Test("More than fits leaves out the oldest, says how many, and is followed by all of it anew")
    func overflow() {
        var backlog = open()
        for index in 1...250 { backlog.add(request(index), index) }
        guard case .changes(let changes, let notes) = backlog.take(now: start) else {
            Issue.record("not the changes")
            return
        }
        #expect(changes.count == PageBacklog.capacity)
        #expect(notes.leftOut == 150)
        guard case .request(let last, _) = changes[changes.count - 1] else {
            Issue.record("not a request")
            return
        }
        #expect(last.to == "250")
        // Nothing more was left out: now is the time for all of it.
        guard case .everything(let later) = backlog.take(now: start) else {
            Issue.record("not all anew")
            return
        }
        #expect(later.leftOut == 0)
    }

    @Test("While too much arrives all of it comes anew every two seconds")
    func longOverflow() {
        var backlog = open()
        var wholes: [Int] = []
        for tick in 1...50 {
            for index in 1...200 { backlog.add(request(index), tick * 1_000 + index) }
            if case .everything = backlog.take(now: start + .milliseconds(100 * tick)) { wholes.append(tick) }
        }
        #expect(wholes == [20, 40])
    }

    @Test("Forgotten is what was to be sent, and how many were left out")
    func clear() {
        var backlog = open()
        for index in 1...250 { backlog.add(request(index), index) }
        backlog.clear()
        guard case .everything(let notes) = backlog.take(now: start) else {
            Issue.record("not all anew")
            return
        }
        #expect(notes.leftOut == 0)
    }
}

/// Asks until something is so, for at most 30 s.
private func poll(_ condition: () -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
        if condition() { return true }
        await Task.yield()
    }
    return false
}

/// Reads server-sent events, and skips comments; its connection ends with it.
private final class EventReader {
    struct Event {
        let name: String
        let batch: Batch
    }

    struct Batch: Decodable {
        struct Request: Decodable {
            struct Message: Decodable {
                struct Receipt: Decodable { let status: String? }

                let messageUUID: String
                let text: String
                let receipts: [Receipt]?

                private enum CodingKeys: String, CodingKey {
                    case text, receipts
                    case messageUUID = "message_uuid"
                }
            }

            let status: Int?
            let fault: String?
            let message: Message?
        }

        struct Inbound: Decodable { let text: String }

        struct Counts: Decodable {
            let requests: Int
            let messages: Int
        }

        let requests: [Request]
        let inbound: [Inbound]
        let faults: [FaultRule]?
        let postsWebhooks: Bool?
        let counts: Counts

        private enum CodingKeys: String, CodingKey {
            case requests, inbound, faults, counts
            case postsWebhooks = "posts_webhooks"
        }
    }

    struct Ended: Error {}

    let contentType: String?
    private var parts: AsyncThrowingStream<ByteBuffer, any Error>.Iterator
    private let reading: Task<Void, Never>
    private var text = ""

    init(_ simulator: VonageSimulator) async throws {
        let request = HTTPClientRequest(url: simulator.url + "/simulator/events")
        let response = try await HTTPClient.shared.execute(request, timeout: .minutes(5))
        contentType = response.headers.first(name: "Content-Type")
        let body = response.body
        let (stream, feed) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
        parts = stream.makeAsyncIterator()
        reading = Task {
            do {
                for try await part in body { feed.yield(part) }
                feed.finish()
            } catch {
                feed.finish(throwing: error)
            }
        }
    }

    deinit { reading.cancel() }

    /// The next event of which something holds.
    func next(where condition: (Batch) -> Bool = { _ in true }) async throws -> Event {
        while true {
            while let end = text.firstRange(of: "\n\n") {
                let lines = text[..<end.lowerBound].split(separator: "\n")
                text.removeSubrange(..<end.upperBound)
                func value(_ name: String) -> String? {
                    lines.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
                }
                guard let name = value("event"), let data = value("data") else { continue }
                let batch = try JSONDecoder().decode(Batch.self, from: Data(data.utf8))
                if condition(batch) { return Event(name: name, batch: batch) }
            }
            guard let part = try await parts.next(isolation: #isolation) else { throw Ended() }
            text += String(buffer: part)
        }
    }
}
