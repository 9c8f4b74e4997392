import Testing

@testable import Contracts

@Suite("A phone number")
struct PhoneNumberTests {
    @Test(
        "is read as people write it",
        arguments: [
            ("+14155550100", "14155550100"), ("14155550100", "14155550100"), ("+1 (415) 555-01.00", "14155550100"),
            (" +44 7700 900000", "447700900000"), ("1234567", "1234567"), ("123456789012345", "123456789012345"),
        ]
    )
    func reads(written: String, digits: String) {
        #expect(PhoneNumber(written)?.digits == digits)
        #expect(PhoneNumber(written)?.e164 == "+" + digits)
    }

    @Test(
        "is refused when it is no E.164 number",
        arguments: [
            "", "+", "123456", "1234567890123456", "0123456789", "+0123456789", "00441234567", "1415555O100",
            "++14155550100",
            "1+4155550100", "١٢٣٤٥٦٧٨", "tel:14155550100", "14155550100;ext=1", "1415/5550100",
        ]
    )
    func refuses(written: String) {
        #expect(PhoneNumber(written) == nil)
    }

    @Test("shows only its last three digits in a log")
    func masks() {
        #expect(PhoneNumber("+14155550123")?.description == "***123")
    }
}

@Suite("A sender")
struct SenderTests {
    @Test("is told apart by its form")
    func forms() throws {
        #expect(Sender("+1 415 555 0100") == .number(try #require(PhoneNumber("14155550100"))))
        #expect(Sender("12345") == .shortCode("12345"))
        #expect(Sender("123") == .shortCode("123"))
        #expect(Sender("Vonage") == .alphanumeric("Vonage"))
        #expect(Sender("A2345678901") == .alphanumeric("A2345678901"))
    }

    @Test("is refused when it is none of them", arguments: ["", "12", "A23456789012", "my shop", "Café", "-", "a_b"])
    func refuses(written: String) {
        #expect(Sender(written) == nil)
    }

    @Test(
        "makes a routing key word",
        arguments: [("+14155550100", "14155550100"), ("my.shop *#", "my_shop___"), ("A-b_1", "A-b_1")]
    )
    func routingKey(sender: String, word: String) {
        #expect(RoutingKeyWord.of(sender) == word)
    }
}

@Suite("A command id")
struct CommandIDTests {
    @Test("is 1 to 100 printable ASCII characters")
    func limits() {
        #expect(CommandID("a")?.text == "a")
        #expect(CommandID(String(repeating: "x", count: 100)) != nil)
        #expect(CommandID(String(repeating: "x", count: 101)) == nil)
        #expect(CommandID("") == nil)
        #expect(CommandID("tab\there") == nil)
        #expect(CommandID("naïve") == nil)
    }

    @Test("is its own reference up to 40 characters, and a digest of 40 past them")
    func reference() throws {
        let short = try #require(CommandID(String(repeating: "x", count: 40)))
        #expect(short.reference == short.text)
        let long = try #require(CommandID(String(repeating: "x", count: 41)))
        #expect(long.reference.hasPrefix("d:"))
        #expect(long.reference.utf8.count == 40)
        #expect(long.reference != CommandID(String(repeating: "x", count: 42))?.reference)
    }
}
