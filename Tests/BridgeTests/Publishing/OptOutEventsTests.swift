import Contracts
import Foundation
import SMSCore
import TestSupport
import Testing

@testable import Bridge

@Suite("The events of the suppression list")
struct OptOutEventsTests {
    private func event(_ sender: String, uuid: String?, now: Timestamp = Samples.moment) throws -> BrokerMessage {
        let change = OptOutChange(
            place: 1,
            kind: .optOut,
            number: "+14155550100",
            sender: sender,
            source: .keyword,
            keyword: "STOP",
            messageUUID: uuid,
            at: Samples.moment
        )
        return try OptOutEvents(names: BrokerNames()).event(of: change, now: now)
    }

    private func id(_ message: BrokerMessage) throws -> String? {
        guard case .object(let members) = try JSONValue(parsing: message.body) else { return nil }
        return if case .string(let id)? = members["id"] { id } else { nil }
    }

    @Test("have one id for one change, whenever they are published: the message's, else the change's own")
    func ids() throws {
        let later = Samples.moment + .seconds(60)
        #expect(try id(event("*", uuid: "u-1"))?.hasPrefix("u-1/") == true)
        #expect(try id(event("*", uuid: "u-1")) == id(event("*", uuid: "u-1", now: later)))
        #expect(try id(event("*", uuid: nil)) == id(event("*", uuid: nil, now: later)))
        #expect(try id(event("*", uuid: nil)) != id(event("+14155550199", uuid: nil)))
    }

    @Test("go to the inbound exchange, by kind and sender; of all senders the word is all")
    func routes() throws {
        let all = try event("*", uuid: nil)
        let one = try event("ACME", uuid: nil)
        #expect(all.exchange == BrokerNames().inbound)
        #expect(all.routingKey.hasSuffix(".all"))
        #expect(one.routingKey != all.routingKey)
        #expect(one.routingKey.split(separator: ".").count == 2)
    }
}
