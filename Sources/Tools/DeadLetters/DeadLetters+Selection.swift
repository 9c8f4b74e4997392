extension DeadLetters {
    /// Which letters something is done to.
    package struct Selection: Hashable, Sendable {
        private enum Kind: Hashable {
            case ids(Set<String>)
            case code(String)
            case all
        }

        private let kind: Kind
        /// Ids and handles that no letter has had so far.
        package private(set) var unknownIDs: Set<String> = []

        /// Every letter.
        package static var all: Selection { Selection(.all) }

        /// The letters with a code.
        package static func code(_ code: String) -> Selection { Selection(.code(code)) }

        /// The letters with one of these ids or handles; of several with one id, each.
        package static func ids(_ ids: [String]) -> Selection {
            var selection = Selection(.ids(Set(ids)))
            selection.unknownIDs = Set(ids)
            return selection
        }

        private init(_ kind: Kind) {
            self.kind = kind
        }

        /// Whether a letter is meant; notes that its id is known.
        package mutating func takes(_ letter: Letter) -> Bool {
            switch kind {
            case .all: return true
            case .code(let code): return letter.code == code
            case .ids(let ids):
                unknownIDs.subtract([letter.id, letter.handle])
                return ids.contains(letter.id) || ids.contains(letter.handle)
            }
        }
    }
}
