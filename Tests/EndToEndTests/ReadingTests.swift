import AMQP
import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import Testing
import VonageSimulator

/// Inputs of public bug reports, through the whole service: each of them was once read wrongly.
@Suite("Commands are read right", .enabled(if: World.brokerURL != nil), .timeLimit(.minutes(3)))
struct CommandReadingTests {
    /// A number as it is written, and what it is read as; nil where it is none.
    private static let spellings: [(written: String, read: String?)] = [
        // From a column with an empty cell, which became one of floating point numbers.
        ("14155550121.0", nil), ("+14155550121.0", nil),
        ("+44 (0)7700 900123", "447700900123"),
        // As they are pasted from web pages, documents and contacts.
        (#"+1\u00a0415\u00a0555\u00a00231"#, "14155550231"), (#"1\u2011415\u2011555\u20110233"#, "14155550233"),
        (#"\u200e14155550238"#, "14155550238"), (#"+1\u2009(415)\u2009555\u22120239"#, "14155550239"),
        // With an extension, which must not become digits.
        ("+1-415-555-0341-555", nil), ("+14155550341x555", nil), ("+14155550341;ext=555", nil),
        ("+14155550341,,555", nil), ("nowhere", nil), ("1-800-FLOWERS", nil), ("0044 7700 900123", nil),
    ]

    @Test("a number in any spelling goes to that number, and what is none is not sent, but published with the reason")
    func numbers() async throws {
        try await World.with { world in
            let service = try await world.startService()
            for (index, number) in Self.spellings.enumerated() {
                try await world.publish(#"{"to": "\#(number.written)", "text": "x"}"#, id: "n-\(index)")
                let event = try await world.nextEvent()
                #expect(event.data.commandID == "n-\(index)")
                #expect(event.data.to == number.read.map { "+" + $0 }, "\(number.written)")
                if number.read == nil {
                    #expect(event.type == "sms.outbound.invalid", "\(number.written)")
                    #expect(event.data.error?.problems?.map(\.field) == ["to"])
                } else {
                    #expect(event.type == "sms.outbound.accepted", "\(number.written)")
                }
            }
            #expect(world.simulator.requestCount == Self.spellings.count { $0.read != nil })
            #expect(world.simulator.messages.map(\.to) == Self.spellings.compactMap(\.read))
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a number on the list is suppressed in every spelling")
    func listed() async throws {
        try await World.with { world in
            let service = try await world.startService()
            #expect(try await world.api(.PUT, "/opt-outs/%2B447700900124").status == 204)
            #expect(try await world.api(.PUT, "/opt-outs/%2B44%20(0)7700%20900125").status == 204)
            let spellings = [
                "+44 (0)7700 900124", "447700900124", #"+44\u00a07700\u2011900124"#, #"\u200e+447700900124"#,
                "+447700900125",
            ]
            for (index, spelling) in spellings.enumerated() {
                try await world.publish(#"{"to": "\#(spelling)", "text": "x"}"#, id: "s-\(index)")
                #expect(try await world.nextEvent().id == "s-\(index)/suppressed", "\(spelling)")
            }
            #expect(world.simulator.requestCount == 0)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    /// What stands behind the seconds, and whether it is RFC 3339.
    private static let endings: [(rest: String, isRight: Bool)] = [
        (".123456789012Z", true), ("Z", true), ("z", true), (".1234567+02:00", true), ("-23:59", true),
        ("+02:00[Europe/Berlin]", false), ("+0200", false), ("Z or later", false), ("", false), (".Z", false),
        ("+24:00", false), (" Z", false),
    ]

    @Test("a time is exactly RFC 3339, in both fields of a command, in a campaign and over HTTP")
    func times() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let moment = Timestamp(milliseconds: Timestamp.now.milliseconds + 864_000_000)
            let inTenDays = String(moment.rfc3339.prefix(19))
            var accepted = 0
            for (index, time) in Self.endings.enumerated() {
                let text = inTenDays + time.rest
                let body = #"{"to": "14155550151", "text": "t", "expires_at": "\#(text)"}"#
                try await world.publish(body, id: "t-\(index)")
                let event = try await world.nextEvent()
                if time.isRight {
                    #expect(event.type == "sms.outbound.accepted", "\(text)")
                    accepted += 1
                    continue
                }
                #expect(event.data.error?.problems?.map(\.field) == ["expires_at"], "\(text)")
                let later = #"{"to": "14155550151", "text": "t", "send_at": "\#(text)"}"#
                try await world.publish(later, id: "l-\(index)")
                #expect(try await world.nextEvent().data.error?.problems?.map(\.field) == ["send_at"], "\(text)")
                let campaign = #"{"text": "t", "expires_at": "\#(text)", "recipients": ["14155550152"]}"#
                try await world.publish(campaign, key: "campaign", id: "c-\(index)")
                #expect(try await world.nextEvent().data.error?.problems?.map(\.field) == ["expires_at"], "\(text)")
                let request = #"{"to": "14155550151", "message": "t", "expires_at": "\#(text)"}"#
                let answer = try await world.api(.POST, "/send-sms", body: request)
                #expect(answer.status == 400, "\(text)")
                #expect(answer.problems.map { $0["field"] as? String } == ["expires_at"])
            }
            #expect(world.simulator.requestCount == accepted)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a body that is not quite JSON is invalid, with the cause, and its dead letter has the bytes as they were")
    func json() async throws {
        let cut = String(repeating: "a", count: 159) + #"\ud83d"#
        let wide: [UInt8] = #"{"to": "+14155550331", "text": "plain"}"#.utf8.flatMap { [$0, 0] }
        let latin = Array(#"{"to":"+14155550331","text":"caf"#.utf8) + [0xE9] + Array(#""}"#.utf8)
        let bodies: [(body: [UInt8], cause: String)] = [
            (Array(#"{"to":"+14155550321","text":"x",}"#.utf8), "not JSON"),
            (Array(#"{"to":"+14155550133","text":"\#(cut)"}"#.utf8), "half a surrogate pair"),
            (wide, "not UTF-8"),
            (latin, "not valid UTF-8"),
            (Array(#"{"to":"+14155550331","text":"x","to":"+14155550332"}"#.utf8), "twice"),
            (Array(#"{"to":"+14155550331","text":"x"} // note"#.utf8), "not JSON"),
        ]
        try await World.with { world in
            let service = try await world.startService()
            let letters = try await world.client.consume(queue: world.names.dead, prefetch: 20)
            for (index, entry) in bodies.enumerated() {
                try await world.publish(entry.body, id: "j-\(index)")
                let event = try await world.nextEvent()
                #expect(event.id.hasPrefix("j-\(index)/invalid/"))
                let problem = try #require(event.data.error?.problems?.first)
                #expect(problem.field == "body")
                #expect(problem.problem.contains(entry.cause), "\(problem.problem)")
                let deadLetter = try #require(await letters.next(within: .seconds(30)))
                #expect(deadLetter.body == entry.body)
                deadLetter.ack()
            }
            let comma = try await world.api(.POST, "/send-sms", body: #"{"to":"+14155550323","message":"x",}"#)
            #expect(comma.status == 400)
            // A byte order mark in front is tolerated.
            let marked: [UInt8] = [0xEF, 0xBB, 0xBF] + Array(#"{"to":"+14155550331","text":"x"}"#.utf8)
            try await world.publish(marked, id: "marked")
            #expect(try await world.nextEvent().id == "marked/accepted")
            #expect(world.simulator.requestCount == 1)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("a correlation id and a header that are bytes and no text come back as they were, and others go on")
    func bytes() async throws {
        // A GUID as .NET writes it, and a header of a client that speaks AMQP 1.0.
        let id = Self.text(of: [
            0x8F, 0x14, 0xE4, 0x5F, 0xCE, 0xEA, 0x16, 0x7A, 0x5A, 0x36, 0xDE, 0xDD, 0x4B, 0xEA, 0x25, 0x43,
        ])
        let header = Self.text(of: [0, 0x53, 0x73, 0xC0, 7, 1, 0xA1, 5, 0x41, 0x66, 0xF3, 0xE9, 0x28])
        try await World.with { world in
            let service = try await world.startService()
            let replies = try await world.client.consumeTemporary()
            let queue = try await replies.waitUntilSubscribed(within: .seconds(30))
            func publish(_ body: String, id messageID: String) async throws {
                let properties = AMQPProperties(
                    contentType: "application/json",
                    headers: ["x-amqp-1.0-properties": .string(header)],
                    deliveryMode: .persistent,
                    correlationId: id,
                    replyTo: queue,
                    messageId: messageID
                )
                try await world.client.publish(
                    AMQPMessage(body: Array(body.utf8), properties: properties),
                    to: world.names.commands,
                    routingKey: "send",
                    timeout: .seconds(30)
                )
            }
            try await publish(#"{"to":"+14155550171","text":"x"}"#, id: "well")
            try await publish(#"{"to":"nowhere","text":"x"}"#, id: "ill")
            for _ in 0..<2 {
                let event = try #require(await world.events.next(within: .seconds(30)))
                #expect(event.properties.correlationId == id)
                let reply = try #require(await replies.next(within: .seconds(30)))
                #expect(reply.properties.correlationId == id)
            }
            let letters = try await world.client.consume(queue: world.names.dead, prefetch: 1)
            let deadLetter = try #require(await letters.next(within: .seconds(30)))
            #expect(deadLetter.properties.messageId == "ill")
            #expect(deadLetter.properties.correlationId == id)
            #expect(deadLetter.headers["x-amqp-1.0-properties"] == .string(header))
            deadLetter.ack()
            try await world.publish(#"{"to": "14155550171", "text": "x"}"#, id: "after")
            #expect(try await world.nextEvent().id == "after/accepted")
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    /// Bytes as the client has them in a text, where none from 0x80 on is part of valid UTF-8: U+10FE00 plus the byte.
    private static func text(of bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        for byte in bytes {
            let value = byte < 0x80 ? UInt32(byte) : 0x10_FE00 + UInt32(byte)
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
        return String(text)
    }

    @Test("a recipient without a usable number is one that is invalid, and stops no other")
    func recipients() async throws {
        let campaigns = [
            #"{"text": "Hi", "recipients": [{"to": "+14155550191"}, {"to": null, "name": "x"}]}"#,
            #"{"text": "Hi", "recipients": [{"to": 14155550193}, "+14155550194"]}"#,
            #"{"text": "Hi", "recipients": [{"name": "x"}, "+14155550195"]}"#,
            #"{"text": "Hi", "recipients": [7, {"to": "14155550196"}]}"#,
            #"{"text": "Hi", "recipients": ["+44 (0)7700 900126", "14155550197.0", {"to": "447700900126"}]}"#,
        ]
        try await World.with { world in
            let service = try await world.startService()
            for (index, campaign) in campaigns.enumerated() {
                try await world.publish(campaign, key: "campaign", id: "r-\(index)")
                let end = try await world.completed()
                #expect(end.campaignID == "r-\(index)")
                #expect(end.recipients == 2 && end.accepted == 1 && end.invalid == 1 && end.pending == 0, "\(campaign)")
                #expect(end.duplicates == (index == 4 ? 1 : 0))
            }
            let expected = ["14155550191", "14155550194", "14155550195", "14155550196", "447700900126"]
            #expect(world.simulator.messages.map(\.to) == expected)
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }

    @Test("fields that look misspelt are named in the event, and the message goes out all the same")
    func warnings() async throws {
        try await World.with { world in
            let service = try await world.startService()
            let body = #"{"to": "14155550100", "text": "x", "sendAt": "2099-01-01T00:00:00Z", "expire_at": 7, "my": 1}"#
            try await world.publish(body, id: "w")
            let event = try await world.nextEvent()
            #expect(event.type == "sms.outbound.accepted")
            #expect(event.data.warnings?.map(\.field) == ["expire_at", "sendAt"])
            service.terminate()
            #expect(await service.waitForExit() == 0)
        }
    }
}

extension World {
    /// How the campaign that ends next has ended.
    fileprivate func completed() async throws -> CampaignEvent {
        while true {
            let delivery = try #require(await events.next(within: .seconds(60)), "no campaign ended")
            guard delivery.routingKey == "campaign.completed" else { continue }
            return try JSONDecoder().decode(CloudEvent<CampaignEvent>.self, from: Data(delivery.body)).data
        }
    }
}
