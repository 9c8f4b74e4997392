import Contracts

/// The requests of one lane that wait inside: two lines for the senders without a limit, two for each with one.
///
/// What comes back from a wait goes before what has not begun, and both in the order of coming.
///
/// The first of a line is always a ticket that still waits; behind it, tickets that left by another way stay as bare
/// numbers until their turn comes.
struct LaneQueue: Sendable {
    private var tickets: [TicketNumber: Ticket] = [:]
    private var arrivals = TicketLine()
    private var unpaced = TicketLines()
    private var paced: [Sender: TicketLines] = [:]

    /// How many wait.
    var count: Int { tickets.count }
    /// Segments of all that wait.
    private(set) var segments = 0

    /// The one that has waited longest.
    var oldest: Ticket? { arrivals.first.flatMap { tickets[$0] } }

    /// The senders with a limit that have a request waiting.
    var pacedSenders: some Sequence<Sender> { paced.keys }

    mutating func append(_ ticket: Ticket) {
        tickets[ticket.number] = ticket
        segments += ticket.request.segments
        arrivals.append(ticket.number)
        if ticket.isPaced {
            paced[ticket.request.sender, default: TicketLines()].append(ticket)
        } else {
            unpaced.append(ticket)
        }
    }

    /// Takes one out, whether it got its slot or not.
    ///
    /// - Returns: the ticket; nil when it does not wait here.
    mutating func remove(_ number: TicketNumber) -> Ticket? {
        guard let ticket = tickets.removeValue(forKey: number) else { return nil }
        segments -= ticket.request.segments
        arrivals.drop { tickets[$0] == nil }
        guard ticket.isPaced else {
            unpaced.drop { tickets[$0] == nil }
            return ticket
        }
        let sender = ticket.request.sender
        paced[sender]?.drop { tickets[$0] == nil }
        if paced[sender]?.isEmpty == true { paced[sender] = nil }
        return ticket
    }

    /// The first whose sender is ready: of those that come back from a wait, then of the others, in the order of
    /// coming.
    ///
    /// - Parameters:
    ///   - isReady: whether a sender with a limit has a slot.
    ///   - isWanted: which commands are looked for; by default any.
    /// - Returns: the ticket, which stays in line; nil when there is none.
    func first(isReady: (Sender) -> Bool, where isWanted: (CommandID) -> Bool = { _ in true }) -> Ticket? {
        var first = ticket(in: unpaced, where: isWanted)
        for (sender, line) in paced where isReady(sender) {
            guard let ticket = ticket(in: line, where: isWanted) else { continue }
            if let best = first, best.goes(before: ticket) { continue }
            first = ticket
        }
        return first
    }

    private func ticket(in lines: TicketLines, where isWanted: (CommandID) -> Bool) -> Ticket? {
        for line in [lines.returned, lines.fresh] {
            for number in line {
                if let ticket = tickets[number], isWanted(ticket.request.id) { return ticket }
            }
        }
        return nil
    }
}

extension Ticket {
    fileprivate func goes(before other: Ticket) -> Bool {
        if request.isReturned != other.request.isReturned { return request.isReturned }
        return number < other.number
    }
}

/// Those that come back from a wait, and those that have not begun.
private struct TicketLines: Sendable {
    var returned = TicketLine()
    var fresh = TicketLine()

    var isEmpty: Bool { returned.first == nil && fresh.first == nil }

    mutating func append(_ ticket: Ticket) {
        if ticket.request.isReturned {
            returned.append(ticket.number)
        } else {
            fresh.append(ticket.number)
        }
    }

    /// Drops numbers from the front of both while they are gone.
    mutating func drop(while isGone: (TicketNumber) -> Bool) {
        returned.drop(while: isGone)
        fresh.drop(while: isGone)
    }
}

/// Ticket numbers in the order of coming.
private struct TicketLine: Sequence, Sendable {
    private var numbers: [TicketNumber] = []
    private var head = 0

    var first: TicketNumber? { head < numbers.count ? numbers[head] : nil }

    mutating func append(_ number: TicketNumber) { numbers.append(number) }

    /// Drops numbers from the front while they are gone.
    mutating func drop(while isGone: (TicketNumber) -> Bool) {
        while head < numbers.count, isGone(numbers[head]) { head += 1 }
        // The room of what was dropped is given back once it is more than half, which costs each number one move.
        if head > 32, head * 2 > numbers.count {
            numbers.removeFirst(head)
            head = 0
        }
    }

    func makeIterator() -> some IteratorProtocol<TicketNumber> { numbers[head...].makeIterator() }
}
