extension DeadLetters {
    /// Which dead letters something is done to.
    package struct Selection: Hashable, Sendable {
        private enum Kind: Hashable {
            case ids(Set<String>)
            case code(String)
            case all
        }

        private let kind: Kind
        /// Ids and handles that no dead letter has had so far.
        package private(set) var unknownIDs: Set<String> = []

        /// Every dead letter.
        package static var all: Selection { Selection(.all) }

        /// The dead letters with a code.
        package static func code(_ code: String) -> Selection { Selection(.code(code)) }

        /// The dead letters with one of these ids or handles; of several with one id, each.
        package static func ids(_ ids: [String]) -> Selection {
            var selection = Selection(.ids(Set(ids)))
            selection.unknownIDs = Set(ids)
            return selection
        }

        private init(_ kind: Kind) {
            self.kind = kind
        }

        /// Whether a dead letter is meant; notes that its id is known.
        package mutating func takes(_ deadLetter: Letter) -> Bool {
            switch kind {
            case .all: return true
            case .code(let code): return deadLetter.code == code
            case .ids(let ids):
                unknownIDs.subtract([deadLetter.id, deadLetter.handle])
                return ids.contains(deadLetter.id) || ids.contains(deadLetter.handle)
            }
        }
    }
}
