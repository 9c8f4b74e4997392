import Testing

@testable import Bridge

@Suite("The allowance of webhooks among the dead letters")
struct DeadWebhookAllowanceTests {
    private static let start = ContinuousClock.now

    /// How many dead letters of a size are kept of so many that come at once.
    private func kept(
        _ count: Int,
        of bytes: Int,
        isChecked: Bool,
        _ allowance: inout DeadWebhookAllowance,
        after: Duration = .zero
    ) -> Int {
        (0..<count).count { _ in allowance.take(bytes, isChecked: isChecked, now: Self.start + after) }
    }

    @Test(
        "keeps so many, and so many bytes; fewer where nothing is verified",
        arguments: [(true, 10, 1_000), (true, 262_144, 64), (false, 10, 100), (false, 262_144, 16)]
    )
    func bounds(isChecked: Bool, bytes: Int, expected: Int) {
        var allowance = DeadWebhookAllowance(now: Self.start)
        #expect(kept(2_000, of: bytes, isChecked: isChecked, &allowance) == expected)
        #expect(kept(2_000, of: bytes, isChecked: isChecked, &allowance, after: .seconds(1)) <= 1)
    }

    @Test("fills up evenly within an hour, and no further", arguments: [(1_800, 500), (3_600, 1_000), (86_400, 1_000)])
    func fillsUp(seconds: Int, expected: Int) {
        var allowance = DeadWebhookAllowance(now: Self.start)
        #expect(kept(1_000, of: 0, isChecked: true, &allowance) == 1_000)
        #expect(kept(2_000, of: 0, isChecked: true, &allowance, after: .seconds(seconds)) == expected)
    }

    @Test("of webhooks that passed a check is not used up by those that passed none")
    func shares() {
        var allowance = DeadWebhookAllowance(now: Self.start)
        #expect(kept(5_000, of: 1_000, isChecked: false, &allowance) == 100)
        #expect(kept(1_000, of: 1_000, isChecked: true, &allowance) == 1_000)
    }
}
