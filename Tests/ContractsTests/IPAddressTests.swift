import Testing

@testable import Contracts

@Suite("Addresses and networks")
struct IPAddressTests {
    @Test(
        "Addresses that are one",
        arguments: [
            ("192.0.2.1", [192, 0, 2, 1]),
            ("::ffff:192.0.2.1", [192, 0, 2, 1]),
            ("[::FFFF:c000:201]", [192, 0, 2, 1]),
            ("::", [UInt8](repeating: 0, count: 16)),
            ("::1", [UInt8](repeating: 0, count: 15) + [1]),
            ("2001:db8::1", [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]),
            ("2001:DB8:0:0:0:0:0:1", [0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]),
            ("fe80::1%eth0", [0xfe, 0x80] + [UInt8](repeating: 0, count: 13) + [1]),
        ] as [(String, [UInt8])]
    )
    func valid(text: String, bytes: [UInt8]) {
        #expect(IPAddress(text)?.bytes == bytes)
    }

    @Test(
        "Addresses that are none",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.-4", "1.2.3.4 ", "::1::", "1:2:3:4:5:6:7:8:9",
            "12345::",
            "1:2:3:4:5:6:7", ":::", "1.2.3.4:80", "g::", "1:2:3:4:5:6:7:1.2.3.4", "+1.2.3.4", "1.2.3.4::",
        ]
    )
    func invalid(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "Entries of X-Forwarded-For may carry ports and blanks",
        arguments: ["192.0.2.1", " 192.0.2.1 ", "192.0.2.1:4711", "[::ffff:192.0.2.1]:4711"]
    )
    func forwarded(text: String) {
        #expect(IPAddress(forwarded: text)?.bytes == [192, 0, 2, 1])
        #expect(IPAddress(forwarded: "unknown") == nil)
        #expect(IPAddress(forwarded: "") == nil)
    }

    @Test(
        "Networks and what lies in them",
        arguments: [
            ("192.0.2.0/24", "192.0.2.255", true), ("192.0.2.0/24", "192.0.3.0", false),
            ("192.0.2.77/24", "192.0.2.1", true),
            ("192.0.2.128/25", "192.0.2.127", false), ("192.0.2.128/25", "192.0.2.128", true),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "::1", false), ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
            ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false),
            ("::/0", "1.2.3.4", false), ("::ffff:192.0.2.0/120", "192.0.2.9", true),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
        ]
    )
    func networks(block: String, address: String, isInside: Bool) throws {
        let block = try #require(CIDRBlock(block))
        #expect(block.contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(
        "Networks that are none",
        arguments: [
            "", "/8", "1.2.3.4/", "1.2.3.4/33", "1.2.3.4/-1", "::/129", "1.2.3.4/8/8", "::ffff:1.2.3.4/90", "a/8",
        ]
    )
    func noNetwork(text: String) {
        #expect(CIDRBlock(text) == nil)
    }
}

@Suite("Whose address a request came from")
struct ClientAddressTests {
    private func client(_ peer: String?, _ forwarded: [String]) throws -> String? {
        let trusted = try ["10.0.0.0/8", "::1"].map { try #require(CIDRBlock($0)) }
        return IPAddress(client: peer, forwardedFor: forwarded, trustedProxies: trusted)?.bytes.map(String.init)
            .joined(separator: ".")
    }

    @Test("What an untrusted peer claims is not read")
    func untrusted() throws {
        #expect(try client("192.0.2.9", ["203.0.113.7"]) == "192.0.2.9")
    }

    @Test("Behind trusted proxies the list is read from the right, no further than trust goes")
    func trusted() throws {
        #expect(try client("10.0.0.1", ["203.0.113.7"]) == "203.0.113.7")
        #expect(try client("10.0.0.1", ["6.6.6.6, 203.0.113.7, 10.0.0.2"]) == "203.0.113.7")
        #expect(try client("10.0.0.1", ["6.6.6.6", "203.0.113.7", "10.0.0.2"]) == "203.0.113.7")
        #expect(try client("::1", ["203.0.113.7:1234"]) == "203.0.113.7")
        #expect(try client("10.0.0.1", []) == "10.0.0.1")
        #expect(try client("10.0.0.1", ["10.0.0.3"]) == "10.0.0.3")
    }

    @Test("An entry that has to be believed and is no address leaves the sender unknown")
    func garbage() throws {
        #expect(try client("10.0.0.1", ["203.0.113.7, unknown"]) == nil)
        #expect(try client("10.0.0.1", ["unknown, 203.0.113.7"]) == "203.0.113.7")
        #expect(try client(nil, ["203.0.113.7"]) == nil)
    }
}
