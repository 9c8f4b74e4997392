import Crypto
import FoundationEssentials

/// The idempotency key of a command: 1 to 100 printable ASCII characters.
package struct CommandID: Hashable, Sendable, CustomStringConvertible {
    /// The id as the publisher wrote it.
    package let text: String

    /// Takes an id over from a command.
    ///
    /// - Returns: nil when it is empty, longer than 100 characters, or has anything but printable ASCII (0x20 to 0x7E).
    package init?(_ text: String) {
        guard (1...100).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return nil
        }
        self.text = text
    }

    package var description: String { text }

    /// A new id, a random UUID in lower case.
    package static func random() -> CommandID { CommandID(unchecked: UUID().uuidString.lowercased()) }

    /// The id of a campaign's command to one recipient: always the same one, so that a fan-out that is interrupted and
    /// run again sends to no number twice.
    package static func ofCampaign(_ campaign: CommandID, recipient: String) -> CommandID {
        CommandID(unchecked: "c:" + Digest.hex(Array("\(campaign)\n\(recipient)".utf8)).prefix(38))
    }

    /// The id of the answer to a handset's keyword: always the same one, so that it is sent once whatever fails.
    ///
    /// - Parameters:
    ///   - kind: `stop`, `start` or `help`.
    ///   - handset: who wrote it, E.164.
    ///   - sender: to which of our numbers.
    ///   - messageUUID: the provider's id of the handset's message.
    /// - Returns: `r:` and 38 hexadecimal digits.
    package static func ofReply(kind: String, handset: String, sender: String, messageUUID: String) -> CommandID {
        let cause = "\(kind)\n\(handset)\n\(sender)\n\(messageUUID)"
        return CommandID(unchecked: "r:" + Digest.hex(Array(cause.utf8)).prefix(38))
    }

    private init(unchecked text: String) { self.text = text }

    /// What the provider's `client_ref` carries: the id itself, or past 40 characters a digest of it.
    ///
    /// A digest is `d:` and 38 hexadecimal digits of the id's SHA-256; it is 40 characters long, the limit of the
    /// strictest of Vonage's formats (v0.1).
    package var reference: String {
        text.utf8.count <= 40 ? text : "d:" + String(Digest.hex(Array(text.utf8)).prefix(38))
    }
}

/// SHA-256 in lower-case hexadecimal.
package enum Digest {
    /// The digest of some bytes: 64 characters.
    package static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in SHA256.hash(data: bytes) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
