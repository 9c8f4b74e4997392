import Contracts
import Logging
import SMSCore

/// Which personal data a log line shows: the last three digits of numbers and no text, unless `LOG_PII` is set.
package struct LogPrivacy: Hashable, Sendable {
    /// Whether numbers are shown in full, and texts at all; default false.
    package let showsPersonalData: Bool

    /// The rule for one service's lines.
    package init(showsPersonalData: Bool = false) {
        self.showsPersonalData = showsPersonalData
    }

    /// A number, or another name of a sender or recipient, as a line shows it.
    func shown(_ address: String) -> String {
        if showsPersonalData { return address }
        let digits = address.hasPrefix("+") ? String(address.dropFirst()) : address
        return PhoneNumber(digits: digits)?.description ?? "***"
    }

    /// What a line shows of the handset that a webhook is about.
    func metadata(of webhook: WebhookReading) -> Logger.Metadata {
        switch webhook {
        case .receipt(let report):
            return [BridgeLogKey.to.rawValue: "\(shown(report.to))"]
        case .message(let message):
            var metadata: Logger.Metadata = [BridgeLogKey.from.rawValue: "\(shown(message.from))"]
            if showsPersonalData { metadata[BridgeLogKey.text.rawValue] = "\(message.text)" }
            return metadata
        case .otherChannel, .refused, .notUnderstood:
            return [:]
        }
    }
}
