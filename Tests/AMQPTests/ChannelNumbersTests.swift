import Testing

@testable import AMQP

@Suite("Channel numbers")
struct ChannelNumbersTests {
    @Test("The lowest free number is used again, up to the limit")
    func reuse() {
        var numbers = ChannelNumbers(limit: 3)
        #expect([numbers.take(), numbers.take(), numbers.take(), numbers.take()] == [1, 2, 3, nil])
        numbers.giveBack(2)
        numbers.giveBack(1)
        numbers.giveBack(3)
        #expect([numbers.take(), numbers.take(), numbers.take(), numbers.take()] == [1, 2, 3, nil])
    }
}
