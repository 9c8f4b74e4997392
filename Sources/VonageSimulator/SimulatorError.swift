/// What is thrown when the simulator cannot run.
package struct SimulatorError: Error, Sendable, CustomStringConvertible {
    /// One sentence.
    package let description: String

    init(_ description: String) { self.description = description }
}
