import Bridge
package import Contracts
import SMSCore

extension DeadLetters {
    /// Why a dead letter is not replayed.
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        /// It is a webhook that was not understood.
        case webhook
        /// It did not come from the exchange of commands.
        case noCommand(exchange: String)
        /// The handset got its message, or may have got it.
        case mayHaveReachedHandset
        /// Its body is larger than any command's, and was not read.
        case tooLarge

        package var description: String {
            switch self {
            case .webhook: "it is a webhook, not a command"
            case .noCommand(""): "nothing says where it came from"
            case .noCommand(let exchange): "it came from '\(exchange)', and is not a command"
            case .mayHaveReachedHandset:
                "the handset may have its message already; --force-resend sends it all the same"
            case .tooLarge: "its body is larger than any command's"
            }
        }
    }
}

extension DeadLetters.Letter {
    /// The service's headers that belong to the way a command has gone, and not to the command.
    ///
    /// `sms-first-seen` stays, by which a command that is too old is known.
    private static let ownHeaders: Set<String> = Set(DeadLetter.Header.allCases.map(\.rawValue))
        .subtracting([DeadLetter.Header.firstSeen.rawValue])
        .union(["sms-wait", "sms-attempt", "sms-force"])

    /// The number of the next replay: one above the dead letter's own.
    package var nextReplay: Int { CopyMarks(message.properties.headers).replay + 1 }

    /// The command that a replay of this dead letter publishes.
    ///
    /// - Parameters:
    ///   - names: of the exchanges.
    ///   - isForced: whether it is sent although the handset may have its message.
    /// - Returns: the message, or why there is none.
    package func replayed(_ names: BrokerNames, isForced: Bool) -> Result<BrokerMessage, DeadLetters.Refusal> {
        if exchange == "webhook" { return .failure(.webhook) }
        // What has waited comes through another exchange, which the broker names where it gave the command up itself.
        guard exchange == names.commands || exchange == names.due else {
            return .failure(.noCommand(exchange: exchange))
        }
        // Published, it would have lost its body.
        if isBodyMissing { return .failure(.tooLarge) }
        let isDoubtful = advice == .never || code == ErrorCode.uncertain.rawValue
        if isDoubtful, !isForced { return .failure(.mayHaveReachedHandset) }

        var command = message
        command.exchange = names.commands
        command.routingKey = routingKey
        // A dead letter that was replayed, and stayed because of a crash, is replayed a second time under the same id.
        command.properties.messageID = message.properties.messageID ?? replayID
        var headers = message.properties.headersOfPublisher.filter { name, _ in !Self.ownHeaders.contains(name) }
        headers["sms-replay"] = .integer(Int64(nextReplay))
        if isForced { headers["sms-force"] = .bool(true) }
        command.properties.headers = headers
        return .success(command)
    }

    /// The id of a command whose dead letter has none in its properties; nil where the body's is not a valid id.
    private var replayID: String? {
        isAnonymous ? "letter:" + fingerprint.digits : CommandID(id)?.text
    }
}
