import Contracts
import Testing

@testable import HTTPAPI

@Suite("An Idempotency-Key")
struct IdempotencyKeyTests {
    @Test(
        "is what it is, or what stands between its quotes",
        arguments: [
            ("order-17", "order-17"), ("order 7/1", "order 7/1"), ("5", "5"), ("?1", "?1"), ("a\"b", "a\"b"),
            ("a;b=1", "a;b=1"), ("", ""), ("\"order-17\"", "order-17"), ("\"order 7/1\"", "order 7/1"),
            (#""a \"b\" \\c""#, #"a "b" \c"#), (#""k";version=1"#, "k"), (#""k" "#, "k"), (#""""#, ""),
        ]
    )
    func read(value: String, text: String) {
        let key = IdempotencyKey([value])
        #expect(key.text == text)
        #expect(key.problem == nil)
    }

    @Test(
        "that begins with a quote and is no quoted string is refused",
        arguments: [#"""#, #""open"#, #""a" b"#, #""a"b"#, #""a","b""#, #""a\n""#, "\"gr\u{FC}n\"", "\"a\u{7}\""]
    )
    func broken(value: String) throws {
        let key = IdempotencyKey([value])
        #expect(key.text == nil)
        #expect(try #require(key.problem).field == "Idempotency-Key")
    }

    @Test("may be left out, and is given once")
    func count() {
        #expect(IdempotencyKey([]).text == nil)
        #expect(IdempotencyKey([]).problem == nil)
        #expect(IdempotencyKey(["a", "a"]).text == nil)
        #expect(IdempotencyKey(["a", "a"]).problem == Problem("Idempotency-Key", "must be given once"))
    }
}
