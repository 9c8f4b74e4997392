import Contracts

/// The requests of one lane that wait inside: one line for the senders without a limit, one for each with one.
///
/// The first of a line is always a ticket that still waits; behind it, tickets that left by another way stay as bare
/// numbers until their turn comes.
struct LaneQueue: Sendable {
    private var tickets: [TicketNumber: Ticket] = [:]
    private var arrivals = TicketLine()
    private var unpaced = TicketLine()
    private var paced: [Sender: TicketLine] = [:]

    /// How many wait.
    var count: Int { tickets.count }
    /// Segments of all that wait.
    private(set) var segments = 0

    /// The one that has waited longest.
    var oldest: Ticket? { arrivals.first.flatMap { tickets[$0] } }

    /// The senders with a limit that have somebody waiting.
    var pacedSenders: some Sequence<Sender> { paced.keys }

    mutating func append(_ ticket: Ticket) {
        tickets[ticket.number] = ticket
        segments += ticket.request.segments
        arrivals.append(ticket.number)
        if ticket.isPaced {
            paced[ticket.request.sender, default: TicketLine()].append(ticket.number)
        } else {
            unpaced.append(ticket.number)
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
        if paced[sender]?.first == nil { paced[sender] = nil }
        return ticket
    }

    /// The first in the order of coming whose sender is ready.
    ///
    /// - Parameters:
    ///   - isReady: whether a sender with a limit has a slot.
    ///   - isWanted: which commands are looked for; by default any.
    /// - Returns: the ticket, which stays in line; nil when there is none.
    func first(isReady: (Sender) -> Bool, where isWanted: (CommandID) -> Bool = { _ in true }) -> Ticket? {
        var first = ticket(in: unpaced, where: isWanted)
        for (sender, line) in paced where isReady(sender) {
            guard let ticket = ticket(in: line, where: isWanted) else { continue }
            if let best = first, best.number < ticket.number { continue }
            first = ticket
        }
        return first
    }

    private func ticket(in line: TicketLine, where isWanted: (CommandID) -> Bool) -> Ticket? {
        for number in line {
            if let ticket = tickets[number], isWanted(ticket.request.id) { return ticket }
        }
        return nil
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
