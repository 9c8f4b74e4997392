import NIOCore
import NIOHTTP1

extension VonageSimulator {
    /// How many requests, and messages from handsets, a page shows at most.
    static let shownOnPage = 200
    /// The pause between two batches of a page.
    static let pagePause: Duration = .milliseconds(100)
    /// How often a page that is sent nothing else is sent a comment, which shows whether its browser is still there.
    static let pageBeat: Duration = .seconds(15)

    /// Answers what a page of another site asks for: nothing.
    ///
    /// The control has no key, so any page that is open in a browser on this machine could set faults otherwise.
    ///
    /// - Parameter head: the request.
    /// - Returns: whether the request comes from another site's page, as far as a browser says so.
    static func isForeign(_ head: HTTPRequestHead) -> Bool {
        if let site = head.headers.first(name: "Sec-Fetch-Site") { return site != "same-origin" && site != "none" }
        guard let origin = head.headers.first(name: "Origin") else { return false }
        return origin != "http://\(head.headers.first(name: "Host") ?? "")"
    }

    /// `GET /simulator/events`: what happens, as server-sent events, until the browser goes.
    ///
    /// The first event is a `snapshot`, the others are `changes`; after something was left out comes a `snapshot` again.
    func events() -> SimulatorAction {
        guard let (number, page) = ledger.pages.enter() else {
            let problem = SimulatorProblem(
                status: 503,
                type: "about:blank",
                title: "Too many pages",
                detail: "\(PageAudience.mostPages) pages are open already: close some."
            )
            return .answer(self.problem(problem, headers: [("Retry-After", "10")]), after: .zero)
        }
        var head = SimulatorResponse(status: 200)
        head.headers = [
            ("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
        ]
        return .stream(head) { writer in
            defer { self.ledger.pages.leave(number) }
            writer.whenClosed { page.end() }
            await self.send(page, to: writer)
        }
    }

    private func send(_ page: OpenPage, to writer: SimulatorStreamWriter) async {
        guard await writer.write("retry: 2000\n\n") else { return }
        for await _ in page.signals {
            guard await writer.write(text(page)) else { return }
            // What arrives meanwhile gathers, up to the bound.
            guard (try? await Task.sleep(for: Self.pagePause)) != nil else { return }
        }
    }

    /// The next event of a page; a comment when nothing has happened.
    private func text(_ page: OpenPage) -> String {
        switch page.take(now: .now) {
        case .nothing: return ":\n\n"
        case .changes(let changes, let notes): return event("changes", pageChanges(changes, notes))
        case .everything(let notes):
            let (snapshot, sequence) = snapshot(notes)
            page.noteWhole(upTo: sequence)
            return event("snapshot", snapshot)
        }
    }

    /// JSON has no line breaks of its own, so one line of data it is.
    private func event(_ name: String, _ value: some Encodable) -> String {
        let json = (try? SimulatorJSON.encode(value)) ?? []
        return "event: \(name)\ndata: " + String(decoding: json, as: UTF8.self) + "\n\n"
    }

    private func snapshot(_ notes: PageBacklog.Notes) -> (PageSnapshot, sequence: Int) {
        let seen = ledger.latest(Self.shownOnPage)
        let attempts = Dictionary(grouping: seen.webhooks, by: \.messageUUID)
        let requests = seen.requests.map { request in
            PageRequest(
                request,
                request.messageUUID.flatMap { seen.messages[$0] }.map { message in
                    ListedMessage(message, fault: request.fault, receipts: attempts[message.messageUUID] ?? [])
                }
            )
        }
        let snapshot = PageSnapshot(
            requests: requests,
            inbound: seen.inbound.map { ListedInbound($0, deliveries: attempts[$0.messageUUID] ?? []) },
            faults: faults,
            postsWebhooks: configuration.webhooks != nil,
            counts: counts(notes)
        )
        return (snapshot, seen.sequence)
    }

    private func pageChanges(_ changes: [PageChange], _ notes: PageBacklog.Notes) -> PageChanges {
        var requests: [PageRequest] = []
        var webhooks: [SimulatedWebhook] = []
        var inbound: [ListedInbound] = []
        for change in changes {
            switch change {
            case .request(let request, let message):
                let listed = message.map { ListedMessage($0, fault: request.fault, receipts: []) }
                requests.append(PageRequest(request, listed))
            case .webhook(let webhook): webhooks.append(webhook)
            case .inbound(let message): inbound.append(ListedInbound(message, deliveries: []))
            }
        }
        return PageChanges(
            requests: requests,
            webhooks: webhooks,
            inbound: inbound,
            faults: notes.faultsChanged ? faults : nil,
            counts: counts(notes)
        )
    }

    private func counts(_ notes: PageBacklog.Notes) -> PageCounts {
        PageCounts(requests: requestCount, messages: messageCount, leftOut: notes.leftOut)
    }
}
