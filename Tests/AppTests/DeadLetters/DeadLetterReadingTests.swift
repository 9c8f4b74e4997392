import Contracts
import Testing

@testable import App

@Suite("Letters in a list")
struct DeadLetterReadingTests {
    @Test("go by their message_id, their body's id or their handle, and can always be called by the handle")
    func names() {
        func name(_ message: BrokerMessage) -> String { DeadLetters.Letter(message).id }
        #expect(name(.letter(#"{"id": "inner"}"#, properties: .init(messageID: "outer"))) == "outer")
        #expect(name(.letter(#"{"id": "inner"}"#)) == "inner")
        for body in ["{}", "[]", "no json", "", #"{"id": 5}"#, #"{"id": null}"#] {
            let deadLetter = DeadLetters.Letter(.letter(body))
            #expect(deadLetter.id == deadLetter.handle)
            #expect(deadLetter.handle.wholeMatch(of: /@[0-9a-f]{12}/) != nil)
            #expect(DeadLetters.Letter(.letter(body)).handle == deadLetter.handle, "the handle changes")
        }
        let handles = [
            BrokerMessage.letter(), .letter("{}"), .letter("{}", .sample { $0.code = "x" }),
            .letter("{}", routingKey: "send.bulk"), .letter("{}", .sample { $0.lastSeen = Timestamp(milliseconds: 5) }),
            .letter("{}", properties: .init(messageID: "a")),
            .letter("{}", properties: .init(messageID: "a", headers: ["sms-replay": .integer(1)])),
        ].map { DeadLetters.Letter($0).handle }
        #expect(Set(handles).count == handles.count)
    }

    @Test("have the handle that they had, however often they were delivered")
    func stableHandle() {
        let first = DeadLetters.Letter(.letter(properties: .init(messageID: "a")))
        let again = DeadLetters.Letter(
            .letter(properties: .init(messageID: "a", headers: ["x-delivery-count": .integer(40)]))
        )
        #expect(first.handle == again.handle)
        #expect(first.fingerprint == again.fingerprint)
        #expect(first.fingerprint.digits.hasPrefix(first.handle.dropFirst()))
        #expect(first.fingerprint.digits.count == 32)
    }

    @Test("are written in JSON by the contract's words, and what does not apply is left out")
    func listing() throws {
        let deadLetter = DeadLetters.Letter(.letter(properties: .init(messageID: "a")))
        let json = String(decoding: try JSONBytes.encode(deadLetter.listing), as: UTF8.self)
        #expect(
            json == """
                {"advice":"replay","attempts":6,"code":"retries_exhausted","detail":"status 503",\
                "exchange":"sms.commands","first_seen":"2023-11-14T22:13:20.000Z","handle":"\(deadLetter.handle)",\
                "id":"a","last_seen":"2023-11-14T22:14:20.000Z","routing_key":"send"}
                """
        )
        let foreign = BrokerMessage(exchange: "", routingKey: "sms.dead", properties: .init(), body: [])
        let other = String(decoding: try JSONBytes.encode(DeadLetters.Letter(foreign).listing), as: UTF8.self)
        #expect(other.contains(#""code":"unknown""#))
        #expect(!other.contains("advice"))
        #expect(!other.contains("attempts"))
    }

    @Test("are shown without their body, unless it is asked for")
    func account() throws {
        let deadLetter = DeadLetters.Letter(.letter(properties: .init(messageID: "a", correlationID: "c")))
        let text = deadLetter.lines(withBody: false).joined(separator: "\n")
        #expect(text.contains("correlation_id: c"))
        #expect(text.contains("sms-advice: replay"))
        #expect(text.contains("sms-attempts: 6"))
        #expect(text.contains("body: 34 bytes, shown with --body"))
        let json = String(decoding: try JSONBytes.encode(deadLetter.account(withBody: false)), as: UTF8.self)
        #expect(json.contains(#""body_bytes":34"#))
        for hidden in [text, json] { #expect(!hidden.contains("14155550100")) }

        #expect(deadLetter.lines(withBody: true).last == #"{"to": "14155550100", "text": "x"}"#)
        let open = String(decoding: try JSONBytes.encode(deadLetter.account(withBody: true)), as: UTF8.self)
        #expect(open.contains("14155550100"))
        let binary = BrokerMessage(exchange: "", routingKey: "", properties: .init(), body: [0xFF, 0x0A])
        #expect(DeadLetters.Letter(binary).lines(withBody: true).last == "ff0a")
    }

    @Test("move no cursor and break no line, whatever their publisher wrote")
    func controls() {
        var table = DeadLetters.Table(["ID", "DETAIL"])
        table.add(["a\u{1B}[2Jb", "one\ntwo\u{202E}"])
        #expect(table.lines(width: nil) == ["ID      DETAIL", "a [2Jb  one two "])
        let deadLetter = DeadLetters.Letter(.letter("a\u{1B}\n\tb", properties: .init(messageID: "\u{7}")))
        #expect(deadLetter.lines(withBody: true).last == "a \n\tb")
        #expect(deadLetter.lines(withBody: true).first == "id:  ")
    }

    @Test("are cut where the terminal ends")
    func width() {
        var table = DeadLetters.Table(["ID", "DETAIL"])
        table.add(["a", "0123456789"])
        #expect(table.lines(width: 9) == ["ID  DETA…", "a   0123…"])
        #expect(table.lines(width: 14) == ["ID  DETAIL", "a   0123456789"])
    }

    @Test("are chosen by id or handle, by code, or all")
    func selection() {
        let first = DeadLetters.Letter(.letter(properties: .init(messageID: "a")))
        let second = DeadLetters.Letter(.letter("{}", .sample { $0.code = "invalid" }))
        func chosen(by selection: DeadLetters.Selection) -> (letters: [Bool], unknown: Set<String>) {
            var selection = selection
            return ([first, second].map { selection.takes($0) }, selection.unknownIDs)
        }
        #expect(chosen(by: .ids(["a", "b", second.handle])) == ([true, true], ["b"]))
        #expect(chosen(by: .ids([first.handle])) == ([true, false], []))
        #expect(chosen(by: .ids(["retries_exhausted"])) == ([false, false], ["retries_exhausted"]))
        #expect(chosen(by: .code("invalid")) == ([false, true], []))
        #expect(chosen(by: .all) == ([true, true], []))
    }

    @Test(
        "are replayed evenly",
        arguments: [
            ("5/s", .milliseconds(200)), ("1/m", .seconds(60)), ("100/15m", .seconds(9)), ("0", nil),
        ] as [(String, Duration?)]
    )
    func pace(text: String, interval: Duration?) throws {
        #expect(try DeadLetters.Pace.reading(text).interval == interval)
    }

    @Test("are replayed at no pace that is none", arguments: ["", "5", "5/", "/s", "0/s", "5seg/s", "5/0s", "-1/s"])
    func noPace(text: String) {
        #expect(throws: DeadLetters.Pace.Problem.self) { try DeadLetters.Pace.reading(text) }
    }
}
