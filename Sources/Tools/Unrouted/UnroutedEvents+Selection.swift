extension UnroutedEvents {
    /// Which events something is done to.
    package struct Selection: Hashable, Sendable {
        private enum Kind: Hashable {
            case ids(Set<String>)
            case key(RoutingKeyPattern)
            case all
        }

        private let kind: Kind
        /// Ids that no event has had so far.
        package private(set) var unknownIDs: Set<String> = []

        /// Every event.
        package static var all: Selection { Selection(kind: .all) }

        /// The events whose routing key fits a pattern.
        package static func key(_ pattern: RoutingKeyPattern) -> Selection { Selection(kind: .key(pattern)) }

        /// The events with one of these ids.
        package static func ids(_ ids: [String]) -> Selection {
            var selection = Selection(kind: .ids(Set(ids)))
            selection.unknownIDs = Set(ids)
            return selection
        }

        private init(kind: Kind) {
            self.kind = kind
        }

        /// Whether an event is meant; notes that its id is known.
        package mutating func takes(_ event: Event) -> Bool {
            switch kind {
            case .all: return true
            case .key(let pattern): return pattern.fits(event.routingKey)
            case .ids(let ids):
                unknownIDs.remove(event.id)
                return ids.contains(event.id)
            }
        }
    }
}

/// A binding pattern of a topic exchange: words between dots, `*` for one word, `#` for any number of words.
package struct RoutingKeyPattern: Hashable, Sendable {
    private let words: [Substring]

    /// A pattern such as `delivered.*`.
    package init(_ text: String) {
        words = text.split(separator: ".", omittingEmptySubsequences: false)
    }

    /// Whether a routing key fits, as RabbitMQ decides for a binding.
    package func fits(_ key: String) -> Bool {
        // Row by row: whether the pattern so far fits the first words of the key.
        let keyWords = key.split(separator: ".", omittingEmptySubsequences: false)
        var fits = [true] + keyWords.map { _ in false }
        for word in words {
            var next = fits.map { _ in false }
            for length in fits.indices {
                if word == "#" {
                    next[length] = fits[length] || (length > 0 && next[length - 1])
                } else if length > 0, word == "*" || word == keyWords[length - 1] {
                    next[length] = fits[length - 1]
                }
            }
            fits = next
        }
        return fits.last ?? false
    }
}
