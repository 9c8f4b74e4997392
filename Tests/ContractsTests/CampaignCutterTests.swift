import Contracts
import Testing

@Suite("Cutting a campaign into messages")
struct CampaignCutterTests {
    private static let now = Timestamp(milliseconds: 1_795_579_200_000)

    private func cut(_ count: Int, limit: Int) throws -> [[UInt8]] {
        var cutter = CampaignCutter(
            fields: ["id": .string("c"), "text": .string("Hi {{name}}"), "from": .null, "recipients": .array([])],
            limit: limit
        )
        var shares: [[UInt8]] = []
        for number in 0..<count {
            let recipient = JSONBytes.object([("to", "+1415555\(1000 + number)"), ("name", "\"A\\da\"\n\u{1}é🙂")])
            if let share = cutter.add(recipient) { shares.append(share) }
        }
        if let share = cutter.finish() { shares.append(share) }
        #expect(cutter.count == count)
        return shares.enumerated().map { cutter.body(of: $1, part: $0 + 1, parts: shares.count) }
    }

    @Test(
        "each message is valid, none is larger than the limit, and no recipient is lost",
        arguments: [200, 700, 1 << 20]
    )
    func parts(limit: Int) throws {
        let bodies = try cut(500, limit: limit)
        var numbers: [String] = []
        for (index, body) in bodies.enumerated() {
            #expect(body.count <= limit)
            let reading = try CampaignCommand.read(body, now: Self.now)
            #expect(reading.problems.isEmpty, "\(reading.problems)")
            #expect(reading.command.id == "c")
            #expect(reading.command.part == index + 1)
            #expect(reading.command.parts == bodies.count)
            numbers += reading.command.recipients.map(\.to)
            #expect(reading.command.recipients.allSatisfy { $0.fields["name"] == .string("\"A\\da\"\n\u{1}é🙂") })
        }
        #expect(numbers == (0..<500).map { "+1415555\(1000 + $0)" })
        #expect(limit < 1 << 20 || bodies.count == 1)
    }

    @Test("nothing gives nothing")
    func nothing() throws {
        #expect(try cut(0, limit: 1000) == [])
    }
}
