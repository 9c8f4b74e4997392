import Contracts
import FoundationEssentials
import SMSCore
import Testing

@testable import Vonage

@Suite("Webhooks of the older SMS API")
struct VonageWebhookLegacyTests {
    private static let receipt = """
        msisdn=447700900000&to=Acme&network-code=12345&messageId=0A0000001234567B&price=0.03330000&status=delivered\
        &scts=2001011400&err-code=0&api-key=abcd1234&client-ref=ref-1&message-timestamp=2020-01-01+12%3A00%3A00
        """
    private static let message = """
        msisdn=447700900001&to=14155550100&messageId=0A0000000123ABCD1&text=STOP+it%21&type=text&keyword=STOP\
        &message-timestamp=2020-01-01+12%3A00%3A00&api-key=abcd1234
        """

    @Test("A receipt by query and by form: msisdn is the recipient, to is the sender")
    func receipt() throws {
        let byQuery = try read("", kind: .status, method: "GET", query: Self.receipt, contentType: nil).receipt()
        let byForm = try read(Self.receipt, kind: .status, contentType: "application/x-www-form-urlencoded").receipt()
        #expect(byQuery == byForm)
        #expect(byQuery.to == "447700900000" && byQuery.from == "Acme")
        #expect(byQuery.messageUUID == "0A0000001234567B")
        #expect(byQuery.status == "delivered" && byQuery.error == nil)
        #expect(byQuery.timestamp == Timestamp(milliseconds: 1_577_880_000_000))
        #expect(byQuery.reference == "ref-1" && byQuery.networkCode == "12345")
        #expect(byQuery.usage == Usage(currency: nil, price: "0.03330000"))
    }

    @Test("A receipt by JSON, with numbers where text is documented")
    func jsonReceipt() throws {
        let report = try read(
            #"{"msisdn":447700900000,"to":"Acme","messageId":"0A","status":"failed","err-code":9,"scts":"2001011400"}"#,
            kind: .status
        ).receipt()
        #expect(report.to == "447700900000")
        #expect(report.status == "rejected" && report.providerStatus == "failed")
        #expect(report.error == ReceiptError(code: "1240", title: "Illegal number", class: .recipient))
        #expect(report.saysOptedOut)
        #expect(report.timestamp == Timestamp(milliseconds: 1_577_887_200_000))
    }

    @Test(
        "Statuses and codes in the Messages API's words",
        arguments: [
            ("accepted", "0", "submitted", nil), ("buffered", "0", "submitted", nil),
            ("delivered", "0", "delivered", nil),
            ("expired", "0", "rejected", "1360"), ("expired", "7", "rejected", "1220"),
            ("failed", "6", "rejected", "1210"),
            ("unknown", "1", "rejected", "1330"), ("rejected", "4", "rejected", "1050"),
            ("rejected", "50", "rejected", "1480"),
            ("rejected", "54", "rejected", "1484"), ("failed", "99", "rejected", "1330"),
            ("failed", "77", "rejected", "77"),
            ("unknown", nil, "rejected", "1330"), ("something", "0", "something", nil),
            ("DELIVERED", nil, "delivered", nil),
        ] as [(String, String?, String, String?)]
    )
    func mapping(word: String, errorCode: String?, expected: String, code: String?) throws {
        let query = "msisdn=44&to=A&messageId=0A&status=\(word)" + (errorCode.map { "&err-code=\($0)" } ?? "")
        let report = try read("", kind: .status, method: "GET", query: query).receipt()
        #expect(report.status == expected)
        #expect(report.providerStatus == word)
        #expect(report.error?.code == code)
    }

    @Test("A message by query, form and JSON")
    func message() throws {
        let byQuery = try read("", kind: .inbound, method: "GET", query: Self.message).message()
        #expect(try read(Self.message, kind: .inbound, contentType: nil).message() == byQuery)
        let json = """
            {"msisdn":"447700900001","to":"14155550100","messageId":"0A0000000123ABCD1","text":"STOP it!","type":"text",
             "keyword":"STOP","message-timestamp":"2020-01-01 12:00:00","api-key":"abcd1234"}
            """
        #expect(try read(json, kind: .inbound).message() == byQuery)
        #expect(byQuery.from == "447700900001" && byQuery.to == "14155550100")
        #expect(byQuery.text == "STOP it!" && byQuery.keyword == "STOP")
        #expect(byQuery.timestamp == Timestamp(milliseconds: 1_577_880_000_000))
    }

    @Test("A token in the webhook's address has no effect")
    func withToken() throws {
        let message = try read(Self.message, kind: .inbound, query: "token=abc", contentType: nil).message()
        #expect(message.text == "STOP it!")
    }

    @Test("Parts of a long message, and fields that are missing")
    func parts() throws {
        let base = "msisdn=44&to=1&messageId=0A&type=text&text=x"
        let part = try read(
            "",
            kind: .inbound,
            method: "GET",
            query: base + "&concat=true&concat-ref=7&concat-total=3&concat-part=2"
        ).message()
        #expect(part.part?.reference == "7" && part.part?.number == 2 && part.part?.total == 3)
        for query in [
            "&concat=true", "&concat-ref=7&concat-total=3&concat-part=4", "&concat-ref=7&concat-total=x&concat-part=1",
        ] {
            #expect(try read("", kind: .inbound, method: "GET", query: base + query).message().part == nil)
        }
    }

    @Test("A binary message has its bytes and no text")
    func binary() throws {
        let message = try read(
            "",
            kind: .inbound,
            method: "GET",
            query: "msisdn=44&to=1&messageId=0A&type=binary&data=0b16&udh=06"
        ).message()
        #expect(message.text.isEmpty && message.dataHex == "0b16")
    }

    @Test("A message at the receipts' address is still a message, and the other way round")
    func mixedUp() throws {
        #expect(try read("", kind: .status, method: "GET", query: Self.message).message().text == "STOP it!")
        #expect(try read("", kind: .inbound, method: "GET", query: Self.receipt).receipt().status == "delivered")
    }

    @Test("What is missing is reported")
    func missing() {
        #expect(
            read("", kind: .inbound, method: "GET", query: "text=x").problems
                == ["messageId is missing", "msisdn is missing", "to is missing"]
        )
        #expect(
            read("", kind: .status, method: "GET", query: "msisdn=1").problems
                == ["messageId is missing", "status is missing"]
        )
        #expect(
            read("", kind: .status, method: "GET", query: "").problems == ["neither a JSON object nor parameters"]
        )
    }
}
