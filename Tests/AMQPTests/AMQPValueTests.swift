import Testing

@testable import AMQP

@Suite("Values in tables")
struct AMQPValueTests {
    @Test(
        "What cannot be written is found wherever it stands",
        arguments: [
            .array([.table([String(repeating: "k", count: 256): .null])]),
            .table(["a": .array([.array([.table([String(repeating: "é", count: 128): 1])])])]),
            .narrow(128, .int8), .narrow(-1, .uint32), .array([1, .narrow(65_536, .uint16)]),
        ] as [AMQPValue]
    )
    func problems(value: AMQPValue) {
        let table: AMQPTable = ["k": value]
        #expect(table.problem != nil)
    }

    @Test("Keys count by their bytes on the wire")
    func keys() {
        let longest = WireText.text(of: Array(repeating: 0xFF, count: 255))
        let table: AMQPTable = ["list": .array([.table([longest: .string(longest)])])]
        #expect(table.problem == nil)
        // The outer table and key, the array, the inner table and key, and the value.
        #expect(table.wireSize == (4 + 1 + 4) + 5 + (1 + 4 + 1 + 255) + (5 + 255))
    }

    @Test(
        "Integers are read whatever their width",
        arguments: [.int(5), .narrow(5, .uint8), .unsigned(5)] as [AMQPValue]
    )
    func integers(value: AMQPValue) {
        #expect(value.intValue == 5)
    }

    @Test("A header frame is measured to the byte")
    func headerFrame() {
        #expect(AMQPProperties().headerFrameSize == 22)
        let properties = AMQPProperties(
            contentType: "ab",
            headers: ["k": 1],
            deliveryMode: .persistent,
            priority: 1,
            timestamp: 1
        )
        #expect(properties.headerFrameSize == 22 + 3 + (4 + 2 + 9) + 1 + 1 + 8)
        let message = AMQPMessage(body: [], properties: properties)
        #expect(message.problem(maxBodyBytes: 0, frameMaxBytes: properties.headerFrameSize) == nil)
        #expect(message.problem(maxBodyBytes: 0, frameMaxBytes: properties.headerFrameSize - 1)?.code == .tooLarge)
    }
}
