extension LineLogHandler {
    /// How log lines are written.
    package enum Style: Hashable, Sendable {
        /// One JSON object a line, for machines.
        case json
        /// One line of text, for people; coloured by level where the terminal shows colours.
        case text(isColoured: Bool)
    }
}
