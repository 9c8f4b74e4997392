import Contracts
package import SMSCore

/// A page of the Reports API: records of outbound messages, each member optional and of the wrong type at will.
///
/// Source: Reports API, OpenAPI 3.1.4, MessagesOutboundRecord (as archived on 2026-10-08).
package struct ReportsPage: Hashable, Sendable {
    /// How many records it has, whether they can be read or not: each is paid for.
    package let recordCount: Int
    /// Those of SMS that name a message and a status.
    package let receipts: [ReceiptReport]

    /// Reads a body; nil when it is not a JSON object with `records`.
    package init?(_ body: [UInt8]) {
        guard let members = (try? JSONValue(repairing: body))?.members, case .array(let records)? = members["records"]
        else { return nil }
        recordCount = records.count
        receipts = records.compactMap { $0.members.flatMap(Self.receipt) }
    }

    private static func receipt(_ record: [String: JSONValue]) -> ReceiptReport? {
        guard (record.text("provider") ?? "sms").lowercased() == "sms",
            let uuid = record.text("message_id") ?? record.text("id"), let status = record.text("status")
        else { return nil }
        var report = ReceiptReport(
            messageUUID: uuid,
            to: record.text("to") ?? "",
            from: record.text("from") ?? "",
            status: status.lowercased(),
            providerStatus: status
        )
        let moment = record.text("date_finalized") ?? record.text("date_received")
        report.timestamp = moment.flatMap(VonageTimestamp.parse)
        report.reference = record.text("client_ref")
        if let code = record.text("error_code"), code != "0" {
            report.set(ReceiptError(code: code, title: VonageErrorCode[code: code]?.title))
        }
        if let price = record.text("total_price") ?? record.text("estimated_price") {
            report.usage = Usage(currency: record.text("currency"), vonagePrice: price)
        }
        // `12345 MX-FIXED`: the code is what webhooks have.
        report.networkCode = record.text("network").map { String($0.prefix { $0 != " " }) }
        return report
    }
}
