package import Contracts
import SMSCore
import Synchronization

/// Sees each event that the broker has confirmed, or that was spooled: it counts them by the minute, and keeps the last
/// ones for pages that follow along.
///
/// Memory and work are bounded whatever comes: of a second's events only the first ``shownPerSecond`` are kept, and
/// none is read while no page follows.
package final class EventTap: Sendable {
    /// How many events of one second are kept; of the others only the number is.
    package static let shownPerSecond = 25
    /// How many events are kept.
    private static let capacity = 256
    /// For how long events are kept after the last look.
    private static let attention: Duration = .seconds(10)
    /// How many characters of a handset's text are shown.
    private static let textLimit = 300

    /// What a page has seen so far.
    package struct Place: Hashable, Sendable {
        /// Events kept, and events there were.
        fileprivate var kept: Int64
        fileprivate var seen: Int64
    }

    /// What came since a place.
    package struct Look: Hashable, Sendable {
        /// Each as JSON, in the order of publishing.
        package let events: [JSONValue]
        /// How many there were besides these.
        package let omitted: Int64
        /// Where the next look goes on.
        package let place: Place
    }

    private struct State {
        var flow: FlowMinutes
        var kept: Int64 = 0
        var seen: Int64 = 0
        var second: Int64 = 0
        var inSecond = 0
        var lastLook: Timestamp?
        /// The last ones, by their number modulo the capacity.
        var ring: [JSONValue?] = Array(repeating: nil, count: EventTap.capacity)
    }

    private let names: BrokerNames
    private let state: Mutex<State>

    /// A tap that has seen nothing.
    package init(names: BrokerNames, now: Timestamp = .now) {
        self.names = names
        state = Mutex(State(flow: FlowMinutes(now: now)))
    }

    /// What was published in each of the last minutes.
    package func flow(at now: Timestamp) -> FlowMinutes {
        state.withLock { state in
            state.flow.move(to: now)
            return state.flow
        }
    }

    /// Notes an event; what is none, such as a dead letter, is passed over.
    package func note(_ message: BrokerMessage, at now: Timestamp = .now) {
        guard
            message.exchange == names.outbound || message.exchange == names.status
                || message.exchange == names.inbound
        else { return }
        let kind = kind(of: message)
        let isWanted = state.withLock { state in
            if let kind { state.flow.count(kind, at: now) }
            guard let lastLook = state.lastLook, now - lastLook < Self.attention else { return false }
            state.seen += 1
            let second = now.milliseconds / 1000
            if second != state.second { (state.second, state.inSecond) = (second, 0) }
            state.inSecond += 1
            return state.inSecond <= Self.shownPerSecond
        }
        // Read without the lock.
        guard isWanted, let event = Self.summary(of: message.body) else { return }
        state.withLock { state in
            state.ring[Int(state.kept % Int64(Self.capacity))] = event
            state.kept += 1
        }
    }

    /// What came since a place; nil for a page that begins now, which gets nothing yet.
    package func look(from place: Place?, at now: Timestamp = .now) -> Look {
        state.withLock { state in
            state.lastLook = now
            let present = Place(kept: state.kept, seen: state.seen)
            guard let place, place.kept <= state.kept else { return Look(events: [], omitted: 0, place: present) }
            let first = max(place.kept, state.kept - Int64(Self.capacity))
            let events = (first..<state.kept).compactMap { state.ring[Int($0 % Int64(Self.capacity))] }
            return Look(
                events: events,
                omitted: max(0, state.seen - place.seen - Int64(events.count)),
                place: present
            )
        }
    }

    private func kind(of message: BrokerMessage) -> FlowMinutes.Kind? {
        let word = message.routingKey.prefix { $0 != "." }
        if message.exchange == names.outbound {
            switch Outcome(rawValue: String(word)) {
            case .accepted: return .accepted
            case .rejected, .failed, .invalid: return .failed
            case .suppressed, .expired, .cancelled: return .stopped
            case .uncertain: return .uncertain
            case nil: return nil
            }
        }
        if message.exchange == names.inbound { return word == "message" ? .inbound : nil }
        // That no receipt came is not one.
        if word == "overdue" { return nil }
        if word == "delivered" { return .delivered }
        return StatusEvent.finalStatuses.contains(String(word)) ? .undelivered : .receipt
    }

    /// The part of an event that a page shows; nil for what is not one.
    private static func summary(of body: [UInt8]) -> JSONValue? {
        guard case .object(let event)? = try? JSONValue(parsing: body), case .object(let data)? = event["data"] else {
            return nil
        }
        var shown: [String: JSONValue] = [:]
        for name in ["type", "time", "subject"] { shown[name] = event[name] }
        for name in ["command_id", "to", "from", "campaign_id", "status", "message_uuid", "attempts", "error", "state"]
        {
            if let value = data[name], value != .null { shown[name] = value }
        }
        if case .string(let text)? = data["text"] { shown["text"] = .string(String(text.prefix(textLimit))) }
        if case .object(let error)? = shown["error"] {
            shown["error"] = .object(error.filter { ["code", "title", "detail"].contains($0.key) })
        }
        return .object(shown)
    }
}
