import TestSupport
import Testing

extension PrivateNode {
    /// The suite's node, where the suite has the trait `privateNode`.
    @TaskLocal static var current: PrivateNode?

    /// The suite's node, running, whatever the test before did to it.
    static func ready() async throws -> PrivateNode {
        let node = try #require(current)
        try await node("start")
        try await node("resume")
        return node
    }
}

/// Gives a suite a node of its own, started before its first test and removed after its last.
struct PrivateNodeTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await PrivateNode.with { node in
            try await PrivateNode.$current.withValue(node) { try await function() }
        }
    }
}

extension Trait where Self == PrivateNodeTrait {
    /// A node for this suite alone.
    static var privateNode: Self { Self() }
}
