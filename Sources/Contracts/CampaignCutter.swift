/// Cuts a campaign into messages of at most 1 MiB (docs/asyncapi.yaml), whatever the number of its recipients.
///
/// A share is the JSON of some recipients, joined by commas. Cutting the same recipients again gives the same shares, so
/// that a file can be read once to count the parts, and again to publish them.
package struct CampaignCutter: Sendable {
    /// What a message needs besides its fields and its share: the names of `part`, `parts` and `recipients`.
    private static let frame = 80

    private let head: [UInt8]
    private let room: Int
    private var share: [UInt8] = []
    /// How many recipients have been added.
    package private(set) var count = 0

    /// A cutter for a campaign with these fields, without `recipients`.
    package init(fields: [String: JSONValue], limit: Int = CampaignCommand.Limit.bodyBytes) {
        let kept = fields.filter { !["recipients", "part", "parts"].contains($0.key) && $0.value != .null }
        head = Array(JSONBytes.encode(kept).dropLast())
        room = max(1, limit - head.count - Self.frame)
    }

    /// Adds a recipient's JSON.
    ///
    /// - Returns: the share before it, when that is full.
    package mutating func add(_ recipient: [UInt8]) -> [UInt8]? {
        count += 1
        if share.isEmpty {
            share = recipient
            return nil
        }
        if share.count + 1 + recipient.count > room {
            defer { share = recipient }
            return share
        }
        share.append(UInt8(ascii: ","))
        share += recipient
        return nil
    }

    /// What is left at the end.
    ///
    /// - Returns: nil when nothing has been added.
    package mutating func finish() -> [UInt8]? {
        defer { share = [] }
        return share.isEmpty ? nil : share
    }

    /// The message of a share.
    package func body(of share: [UInt8], part: Int, parts: Int) -> [UInt8] {
        var body = head
        if body.count > 1 { body.append(UInt8(ascii: ",")) }
        if parts > 1 { body += Array(#""part":\#(part),"parts":\#(parts),"#.utf8) }
        body += Array(#""recipients":["#.utf8)
        body += share
        body += Array("]}".utf8)
        return body
    }
}
