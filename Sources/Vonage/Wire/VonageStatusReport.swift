internal import Contracts
package import FoundationEssentials

/// A delivery receipt.
///
/// Numbers stand as received.
package struct VonageStatusReport: Sendable, Equatable {
    /// What became of the message, in the Messages API's words; those of the older API are mapped.
    package enum Status: Sendable, Equatable, Hashable {
        /// Handed to a carrier. May stay for ever: some networks send no receipts.
        case submitted
        /// Delivered. Final.
        case delivered
        /// Refused, or expired. Final.
        case rejected
        /// The provider could not reach the carrier. Final.
        case undeliverable
        /// Read (other channels' word).
        case read
        /// A word that is not known yet, lower case.
        case other(String)

        /// Reads a status, in upper or lower case.
        ///
        /// - Parameter text: the provider's word.
        package init(_ text: String) {
            self =
                switch text.lowercased() {
                case "submitted": .submitted
                case "delivered": .delivered
                case "rejected": .rejected
                case "undeliverable": .undeliverable
                case "read": .read
                default: .other(text.lowercased())
                }
        }

        /// The provider's word.
        package var name: String {
            switch self {
            case .submitted: "submitted"
            case .delivered: "delivered"
            case .rejected: "rejected"
            case .undeliverable: "undeliverable"
            case .read: "read"
            case .other(let name): name
            }
        }

        /// Whether nothing else is to be expected.
        package var isFinal: Bool { StatusEvent.finalStatuses.contains(name) }
    }

    /// Why a message was not delivered.
    ///
    /// It may stand beside any status; the status decides.
    package struct Problem: Sendable, Equatable {
        /// The Messages API's code, as `1240` (recipient opted out); the older API's are mapped where the provider lines them up.
        package let code: String
        /// A few words, where there are some besides the code.
        package let title: String?
        /// A sentence.
        package let detail: String?
        /// The provider's trace id.
        package let instance: String?
        /// The older API's `err-code`.
        package let legacyCode: String?

        /// Creates a problem.
        ///
        /// - Parameters:
        ///   - code: the Messages API's code.
        ///   - title: a few words.
        ///   - detail: a sentence.
        ///   - instance: the provider's trace id.
        ///   - legacyCode: the older API's `err-code`.
        package init(
            code: String,
            title: String? = nil,
            detail: String? = nil,
            instance: String? = nil,
            legacyCode: String? = nil
        ) {
            self.code = code
            self.title = title
            self.detail = detail
            self.instance = instance
            self.legacyCode = legacyCode
        }
    }

    /// The provider's id of the message; a UUID in the Messages API, hexadecimal in the older one.
    package var messageUUID: String
    /// Whom the message went to.
    package var to: String
    /// Whom it came from: our number or name.
    package var from: String
    /// What became of it.
    package var status: Status
    /// The status as received.
    package var providerStatus: String
    /// When it became so.
    package var timestamp: Date?
    /// The reference given with the message.
    package var clientRef: String?
    /// Why it was not delivered.
    package var problem: Problem?
    /// What it cost.
    package var usage: VonageUsage?
    /// How many SMS it took.
    package var segments: Int?
    /// The recipient's network (MCC and MNC).
    package var networkCode: String?
    /// Which format it came in.
    package var format: VonageFormat
}
