import Contracts
import Testing

@Suite("Decimals without rounding")
struct ExactDecimalTests {
    @Test(
        "are read and written without zeros at the end",
        arguments: [
            ("0.0333", "0.0333"), ("0.03330000", "0.0333"), ("12", "12"), ("-0.50", "-0.5"), ("0", "0"),
            ("007.10", "7.1"),
            ("9999999999999999999.999999999999999999", "9999999999999999999.999999999999999999"),
        ]
    )
    func reading(text: String, written: String) throws {
        #expect(try #require(ExactDecimal(text)).description == written)
    }

    @Test(
        "are nothing else",
        arguments: [
            "", "-", ".", "1.", ".5", "1e-5", "1,5", " 1", "--1", "1-", "0x1", "1.2.3", "0.0000000000000000001",
            "10000000000000000000",
        ]
    )
    func noNumber(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test("are summed to the last digit, where binary numbers are not")
    func sums() throws {
        let price = try #require(ExactDecimal("0.0333"))
        let sum = (0..<10_000).reduce(ExactDecimal.zero) { sum, _ in sum + price }
        #expect(sum.description == "333")
        let tenth = try #require(ExactDecimal("0.1"))
        #expect((tenth + tenth + tenth).description == "0.3")
        #expect((0..<10_000).reduce(0.0) { sum, _ in sum + 0.0333 } != 333)
    }
}

@Suite("Calling codes")
struct CallingCodeTests {
    @Test(
        "are as long as the country's code",
        arguments: [
            ("14155550100", "1"), ("79161234567", "7"), ("447700900000", "44"), ("358401234567", "358"),
            ("8613912345678", "86"), ("85212345678", "852"), ("97150123456", "971"), ("2348031234567", "234"),
        ]
    )
    func codes(digits: String, code: String) throws {
        #expect(try #require(PhoneNumber(digits: digits)).callingCode == code)
    }
}
