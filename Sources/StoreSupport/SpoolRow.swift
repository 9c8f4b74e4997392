package import Contracts
package import SMSCore

/// An event as a row of the table `spool`.
package enum SpoolRow {
    /// `SELECT` with what `event` reads, to be followed by a condition.
    package static let select = "SELECT number, key, exchange, routing_key, properties, body, at FROM spool"

    /// The columns key, exchange, routing_key, properties, body, at, share and bytes of an event.
    package static func values(
        of message: BrokerMessage,
        key: String,
        share: SpoolShare,
        at moment: Timestamp
    ) throws -> [ColumnValue] {
        let properties = String(decoding: try JSONBytes.encode(message.properties), as: UTF8.self)
        return [
            key.column,
            message.exchange.column,
            message.routingKey.column,
            properties.column,
            message.body.column,
            moment.column,
            share.rawValue.column,
            (message.body.count + properties.utf8.count).column,
        ]
    }

    /// The event in a row.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when there is none in it.
    package static func event(from reader: inout some ColumnReader) throws -> SpooledEvent {
        let number: Int64 = try reader.next()
        let key: String = try reader.next()
        let exchange: String = try reader.next()
        let routingKey: String = try reader.next()
        let properties = try reader.nextJSONIfPresent(
            BrokerMessage.Properties.self,
            what: "The properties of a spooled event"
        )
        guard let properties else { throw StoreError.corrupt("The properties of a spooled event") }
        let body = try reader.nextBytes()
        return SpooledEvent(
            number: number,
            key: key,
            message: BrokerMessage(exchange: exchange, routingKey: routingKey, properties: properties, body: body),
            at: try reader.nextMoment()
        )
    }
}
