import Testing

@testable import HTTPAPI

@Suite("What a client prefers")
struct SendPreferenceTests {
    @Test(
        "is how long to wait",
        arguments: [
            (nil, 10, nil), ("", 10, nil), ("wait=5", 5, "wait=5"), ("Wait = \"5\"", 5, "wait=5"),
            ("wait=0", 0, "wait=0"),
            ("wait=61", 60, "wait=60"), ("wait=99999999999999999999", 60, "wait=60"),
            ("respond-async", 0, "respond-async"), ("Respond-Async;x=1", 0, "respond-async"),
            ("respond-async, wait=20", 20, "wait=20"), ("wait=20, wait=5", 20, "wait=20"),
            ("return=minimal, wait=3;q=1", 3, "wait=3"), ("wait=-1", 10, nil), ("wait", 10, nil), ("wait=", 10, nil),
            ("wait=1.5", 10, nil), (",,;=,", 10, nil), ("nowait=3", 10, nil),
        ] as [(String?, Int, String?)]
    )
    func read(value: String?, wait: Int, applied: String?) {
        let preference = SendPreference(value)
        #expect(preference.wait == .seconds(wait))
        #expect(preference.applied == applied)
    }
}

@Suite("A word of a path")
struct PathWordTests {
    @Test("is read as it was written", arguments: ["plain-1._~", "a b/c?d#e%", "c:1", "~", "%2F"])
    func roundTrip(word: String) {
        let encoded = PathWord.encode(word)
        #expect(PathWord.decode(encoded) == word)
        #expect(!encoded.contains { " /?#".contains($0) })
    }

    @Test("is none when it is not encoded properly", arguments: ["%", "%2", "%zz", "a%ff"])
    func broken(text: String) {
        #expect(PathWord.decode(text) == nil)
    }
}
