package import Contracts
package import SMSCore

/// What a page about the service can ask (docs/openapi.yaml): messages and their timelines, what flows, dead letters.
package protocol ConsoleAPI: Sendable {
    /// The messages that a query holds for, newest first.
    ///
    /// - Throws: the store's error when it cannot be read.
    func messages(_ query: MessageQuery) async throws -> MessageListing

    /// What is known of a message, in order; nil for one that is unknown.
    ///
    /// - Throws: the store's error when it cannot be read.
    func timeline(of id: CommandID) async throws -> [TimelineItem]?

    /// How the service is and what flows; never older than a second or two.
    func overview() async -> Overview

    /// The campaigns below a number, the newest first; nil for the newest ones.
    ///
    /// - Throws: the store's error when it cannot be read.
    func campaigns(below number: Int64?, limit: Int) async throws -> [CampaignRecord]

    /// The oldest dead letters, all or those with a code; nothing is taken away.
    ///
    /// - Throws: ``DeadLettersUnreachable``, ``DeadLettersBusy``.
    func deadLetters(code: String?, limit: Int) async throws -> DeadLetterListing

    /// Publishes dead letters again, by the rules of `dead replay`.
    ///
    /// - Throws: ``DeadLettersUnreachable``, ``DeadLettersBusy``.
    func replay(_ order: ReplayOrder) async throws -> ReplayReport

    /// Every variable with its value and where that came from, secrets redacted.
    var configuration: [ConfigurationValue] { get }

    /// The events as they are published.
    var events: EventTap { get }
}

/// The broker, or its queue of dead letters, is not there.
package struct DeadLettersUnreachable: Error {
    /// Why, as a sentence.
    package let reason: String

    /// With its reason.
    package init(reason: String) {
        self.reason = reason
    }
}

/// The dead letters are being looked at by another request: a reader holds what it looks at.
package struct DeadLettersBusy: Error {
    /// The one reason.
    package init() {}
}

/// A page of messages.
package struct MessageListing: Hashable, Sendable {
    package let items: [MessageView]
    /// Where the next page begins; nil at the end.
    package let next: MessagePlace?

    /// A page.
    package init(items: [MessageView], next: MessagePlace?) {
        self.items = items
        self.next = next
    }
}

/// A dead letter in a list: why, where from and when; neither properties nor body.
package struct DeadLetterView: Hashable, Sendable, Encodable {
    package var id: String
    /// A name that each dead letter has, and keeps: `@` and twelve hexadecimal digits.
    package var handle: String
    package var code: String
    package var detail: String
    package var attempts: Int?
    /// `replay`, `fix` or `never`.
    package var advice: String?
    package var firstSeen: String?
    package var lastSeen: String?
    package var exchange: String
    package var routingKey: String

    /// A dead letter with what each has.
    package init(id: String, handle: String, code: String, detail: String, exchange: String, routingKey: String) {
        self.id = id
        self.handle = handle
        self.code = code
        self.detail = detail
        self.exchange = exchange
        self.routingKey = routingKey
    }

    private enum CodingKeys: String, CodingKey {
        case id, handle, code, detail, attempts, advice, exchange
        case firstSeen = "first_seen"
        case lastSeen = "last_seen"
        case routingKey = "routing_key"
    }
}

/// Dead letters, and how many there are in all.
package struct DeadLetterListing: Hashable, Sendable, Encodable {
    package let items: [DeadLetterView]
    /// Of every code; those that another reader holds at this moment are not counted.
    package let count: Int

    /// A list.
    package init(items: [DeadLetterView], count: Int) {
        self.items = items
        self.count = count
    }

    private enum CodingKeys: CodingKey {
        case items, count
    }
}

/// Which dead letters are replayed, and how.
package struct ReplayOrder: Hashable, Sendable {
    /// Exactly one of these.
    package enum Selection: Hashable, Sendable {
        /// Ids of commands, or handles of dead letters.
        case ids([String])
        case code(String)
        case all
    }

    package let selection: Selection
    /// Whether commands are sent although the handset may have their message.
    package let isForced: Bool
    /// Whether nothing is published, only reported what would be.
    package let isDryRun: Bool

    /// An order.
    package init(_ selection: Selection, isForced: Bool = false, isDryRun: Bool = false) {
        self.selection = selection
        self.isForced = isForced
        self.isDryRun = isDryRun
    }
}

/// What became of the dead letters that were to be replayed.
package struct ReplayReport: Hashable, Sendable, Encodable {
    /// One of them.
    package struct Line: Hashable, Sendable, Encodable {
        package let id: String
        /// `replayed`, `would_replay`, `refused` or `not_taken`.
        package let result: String
        /// Why it stays.
        package var reason: String?
        /// The lane that it went to.
        package var routingKey: String?
        /// The number of the replay.
        package var replay: Int?

        /// A line without details.
        package init(id: String, result: String) {
            self.id = id
            self.result = result
        }

        private enum CodingKeys: String, CodingKey {
            case id, result, reason, replay
            case routingKey = "routing_key"
        }
    }

    package var results: [Line]
    /// Ids that no dead letter has.
    package var unknown: [String]

    /// A report.
    package init(results: [Line], unknown: [String]) {
        self.results = results
        self.unknown = unknown
    }

    private enum CodingKeys: CodingKey {
        case results, unknown
    }
}

/// A variable as the page and `sms-bridge config` show it.
package struct ConfigurationValue: Hashable, Sendable, Encodable {
    /// The variable's name.
    package let name: String
    /// The value as it was written, secrets redacted; nil when it is neither given nor has a default.
    package let value: String?
    /// `environment`, `.env`, the YAML file's name, `default`, or `not set`; for a secret from a file also that file.
    package let source: String

    /// A value and its origin.
    package init(name: String, value: String?, source: String) {
        self.name = name
        self.value = value
        self.source = source
    }

    private enum CodingKeys: CodingKey {
        case name, value, source
    }
}
