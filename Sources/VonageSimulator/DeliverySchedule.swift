import HeapModule

/// Webhooks that wait for their time.
///
/// A heap, not timers of an event loop: SwiftNIO looks through all of a loop's timers to cancel one, so that
/// thousands that wait for an absent listener would slow down every request in the process.
struct DeliverySchedule {
    private struct Entry: Comparable {
        let due: ContinuousClock.Instant
        let number: Int
        let delivery: WebhookPoster.Delivery

        static func < (left: Entry, right: Entry) -> Bool { (left.due, left.number) < (right.due, right.number) }
        static func == (left: Entry, right: Entry) -> Bool { left.number == right.number }
    }

    private var entries = Heap<Entry>()
    private var added = 0

    /// Adds a webhook.
    ///
    /// - Parameters:
    ///   - delivery: the webhook.
    ///   - due: when it is to be posted.
    mutating func add(_ delivery: WebhookPoster.Delivery, due: ContinuousClock.Instant) {
        added += 1
        entries.insert(Entry(due: due, number: added, delivery: delivery))
    }

    /// Takes what is due, the earliest first; what was added first among equals.
    ///
    /// - Parameter now: the present.
    /// - Returns: what is due, and when the next one is.
    mutating func takeDue(now: ContinuousClock.Instant) -> (
        due: [WebhookPoster.Delivery], next: ContinuousClock.Instant?
    ) {
        var due: [WebhookPoster.Delivery] = []
        while let first = entries.min, first.due <= now {
            due.append(first.delivery)
            entries.removeMin()
        }
        return (due, entries.min?.due)
    }
}
