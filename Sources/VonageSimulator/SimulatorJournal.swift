import FoundationEssentials
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file in which the simulator writes down what it accepts, so that it can be killed without forgetting it.
///
/// One JSON object a line, appended by one `write` before the answer is given. A killed process loses nothing that way;
/// a machine that loses its power may, which does not matter to a stand-in.
final class SimulatorJournal: Sendable {
    /// One line; each has one of `request`, `inbound`, `webhook` and `cleared`.
    struct Entry: Codable {
        /// A request to send, accepted or not.
        var request: SimulatedRequest?
        /// The message that it became.
        var message: KeptMessage?
        /// The fault that was applied to it.
        var rule: FaultRule?
        /// A message from a handset.
        var inbound: SimulatedInbound?
        /// A webhook that was answered once and for all.
        var webhook: SimulatedWebhook?
        /// All before this is forgotten.
        var cleared: Bool?
    }

    private struct File {
        let descriptor: Int32
        /// Set by a write that failed: behind half a line none would be read.
        var isBroken = false
    }

    private let path: String
    private let file: Mutex<File>

    /// Opens a journal, or begins one.
    ///
    /// A line that a killed process has left unfinished is ended, so that the next begins on its own.
    ///
    /// - Parameter path: the file.
    /// - Throws: ``SimulatorError`` when it cannot be opened or written.
    init(path: String) throws {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.error("cannot be opened", path) }
        self.path = path
        file = Mutex(File(descriptor: descriptor))
        let end = lseek(descriptor, 0, SEEK_END)
        var last: UInt8 = 0
        if end > 0, unsafe pread(descriptor, &last, 1, end - 1) == 1, last != UInt8(ascii: "\n") {
            try write([UInt8(ascii: "\n")])
        }
    }

    deinit { file.withLock { _ = close($0.descriptor) } }

    /// Writes a line.
    ///
    /// - Parameter entry: what it says.
    /// - Throws: ``SimulatorError`` when it cannot be written, and from then on always.
    func append(_ entry: Entry) throws {
        try write(try SimulatorJSON.encode(entry) + [UInt8(ascii: "\n")])
    }

    private func write(_ line: [UInt8]) throws {
        try file.withLock { file in
            guard !file.isBroken else { throw SimulatorError("The journal \(path) could not be written before.") }
            var written = 0
            while written < line.count {
                let count = writeOnce(file.descriptor, line[written...])
                if count > 0 {
                    written += count
                } else if errno != EINTR {
                    file.isBroken = true
                    throw Self.error("cannot be written", path)
                }
            }
        }
    }

    private static func error(_ what: String, _ path: String) -> SimulatorError {
        let reason = POSIXErrorCode(rawValue: errno).map { "\($0)" } ?? "error \(errno)"
        return SimulatorError("The journal \(path) \(what): \(reason).")
    }
}

extension SimulatorJournal {
    /// A message as it is kept.
    struct KeptMessage: Codable {
        private let messageUUID: String
        private let to: String
        private let from: String
        private let text: String
        private let clientRef: String?
        private let encodingType: String?
        private let webhookURL: String?
        private let body: String
        private let authorization: String
        private let receivedAt: Int64

        private enum CodingKeys: String, CodingKey {
            case to, from, text, body, authorization
            case messageUUID = "message_uuid"
            case clientRef = "client_ref"
            case encodingType = "encoding_type"
            case webhookURL = "webhook_url"
            case receivedAt = "received_at_ms"
        }

        init(_ message: SimulatedMessage) {
            messageUUID = message.messageUUID
            to = message.to
            from = message.from
            text = message.text
            clientRef = message.clientRef
            encodingType = message.encodingType
            webhookURL = message.webhookURL
            body = String(decoding: message.body, as: UTF8.self)
            authorization = message.authorization
            receivedAt = SimulatorTime.milliseconds(of: message.receivedAt)
        }

        /// The message, equal to the one that was kept.
        var message: SimulatedMessage {
            SimulatedMessage(
                messageUUID: messageUUID,
                to: to,
                from: from,
                text: text,
                clientRef: clientRef,
                encodingType: encodingType,
                webhookURL: webhookURL,
                body: Array(body.utf8),
                authorization: authorization,
                receivedAt: SimulatorTime.date(milliseconds: receivedAt)
            )
        }
    }
}

private func writeOnce(_ descriptor: Int32, _ bytes: ArraySlice<UInt8>) -> Int {
    unsafe bytes.withUnsafeBytes { buffer in unsafe write(descriptor, buffer.baseAddress, buffer.count) }
}
