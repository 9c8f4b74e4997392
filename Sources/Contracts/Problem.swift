/// One thing that is wrong with an input: which field, and what, in words that its author can act on.
package struct Problem: Hashable, Sendable, Codable {
    /// The field's name as the contract spells it; `body` for the input as a whole.
    package let field: String
    /// What is wrong with it.
    package let problem: String

    /// A problem of a field.
    package init(_ field: String, _ problem: String) {
        self.field = field
        self.problem = problem
    }
}
