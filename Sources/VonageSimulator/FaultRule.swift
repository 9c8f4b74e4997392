/// One rule of how the simulator misbehaves.
package struct FaultRule: Sendable, Equatable, Codable {
    /// What goes wrong.
    package enum Fault: String, Sendable, Codable, CaseIterable {
        /// Answers `status` with Vonage's problem document; nothing is accepted.
        case status
        /// Closes the connection; nothing is accepted.
        case dropBefore = "drop_before"
        /// Accepts, then closes the connection without an answer.
        case dropAfter = "drop_after"
        /// Never answers; nothing is accepted.
        case hang
        /// Accepts and never answers.
        case hangAfter = "hang_after"
        /// Accepts and answers after `latency_ms`.
        case slow
        /// Answers a request for reports with `status`; requests to send are as ever.
        case reportsStatus = "reports_status"
        /// Accepts; no receipt follows. The reports say `status` (default `delivered`) and `error`.
        case noReceipt = "no_receipt"
        /// Accepts; each receipt comes twice.
        case duplicateReceipts = "duplicate_receipts"
        /// Accepts; the final receipt comes before `submitted`.
        case reorderedReceipts = "reordered_receipts"
        /// Accepts; receipts come `delay_ms` late.
        case lateReceipt = "late_receipt"
        /// Accepts; the final receipt is `status` (default `rejected`) with `error`.
        case failReceipt = "fail_receipt"
        /// Accepts; each receipt's first attempt is not signed, as Vonage's are in its own trouble.
        case unsignedReceipt = "unsigned_receipt"
    }

    /// What the body of a `status` fault is.
    package enum Body: String, Sendable, Codable {
        /// Vonage's problem document.
        case problem
        /// A gateway's page.
        case html
        /// Nothing.
        case empty
    }

    /// The recipients it holds for, by the beginning of their digits; `nil` for all.
    package var to: String?
    /// How often it applies, from 0 to 1; `nil` always.
    package var rate: Double?
    /// How many times it applies; `nil` without end.
    package var times: Int?
    /// What goes wrong.
    package var fault: Fault
    /// An HTTP status (`status`, `reports_status`), or a receipt's word (`fail_receipt`, `no_receipt`).
    package var status: String?
    /// `Retry-After` of a `status` fault, in seconds; a 429 without it says 1.
    package var retryAfter: Int?
    /// What the body of a `status` fault is; default `problem`.
    package var body: Body?
    /// How long `slow` takes, in milliseconds; default 1,000.
    package var latencyMS: Int?
    /// How late `late_receipt` is, in milliseconds; default 1,000.
    package var delayMS: Int?
    /// The provider's code of `fail_receipt`; default 1330.
    package var error: Int?

    /// Creates a rule.
    ///
    /// - Parameters:
    ///   - fault: what goes wrong.
    ///   - to: the beginning of the recipients' digits.
    ///   - rate: how often it applies, from 0 to 1.
    ///   - times: how many times it applies.
    ///   - status: an HTTP status, or a receipt's word.
    ///   - retryAfter: `Retry-After` in seconds.
    ///   - body: what the body of a `status` fault is.
    ///   - latencyMS: how long `slow` takes, in milliseconds.
    ///   - delayMS: how late `late_receipt` is, in milliseconds.
    ///   - error: the provider's code of `fail_receipt`.
    package init(
        _ fault: Fault,
        to: String? = nil,
        rate: Double? = nil,
        times: Int? = nil,
        status: String? = nil,
        retryAfter: Int? = nil,
        body: Body? = nil,
        latencyMS: Int? = nil,
        delayMS: Int? = nil,
        error: Int? = nil
    ) {
        self.fault = fault
        self.to = to
        self.rate = rate
        self.times = times
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
        self.latencyMS = latencyMS
        self.delayMS = delayMS
        self.error = error
    }

    private enum CodingKeys: String, CodingKey {
        case to, rate, times, fault, status, body, error
        case retryAfter = "retry_after"
        case latencyMS = "latency_ms"
        case delayMS = "delay_ms"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        to = try container.decodeIfPresent(String.self, forKey: .to).map { String($0.drop { $0 == "+" }) }
        rate = try container.decodeIfPresent(Double.self, forKey: .rate)
        times = try container.decodeIfPresent(Int.self, forKey: .times)
        fault = try container.decode(Fault.self, forKey: .fault)
        body = try container.decodeIfPresent(Body.self, forKey: .body)
        retryAfter = try container.decodeIfPresent(Int.self, forKey: .retryAfter)
        latencyMS = try container.decodeIfPresent(Int.self, forKey: .latencyMS)
        delayMS = try container.decodeIfPresent(Int.self, forKey: .delayMS)
        status = try Self.text(container, .status)
        error = try Self.text(container, .error).flatMap { Int($0) }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(to, forKey: .to)
        try container.encodeIfPresent(rate, forKey: .rate)
        try container.encodeIfPresent(times, forKey: .times)
        try container.encode(fault, forKey: .fault)
        try container.encodeIfPresent(body, forKey: .body)
        try container.encodeIfPresent(retryAfter, forKey: .retryAfter)
        try container.encodeIfPresent(latencyMS, forKey: .latencyMS)
        try container.encodeIfPresent(delayMS, forKey: .delayMS)
        try container.encodeIfPresent(error, forKey: .error)
        if let status, let number = Int(status) {
            try container.encode(number, forKey: .status)
        } else {
            try container.encodeIfPresent(status, forKey: .status)
        }
    }

    /// `status` and `error` are numbers or text.
    private static func text(_ container: KeyedDecodingContainer<CodingKeys>, _ key: CodingKeys) throws -> String? {
        guard container.contains(key) else { return nil }
        if let number = try? container.decode(Int.self, forKey: key) { return String(number) }
        return try container.decodeIfPresent(String.self, forKey: key)
    }
}

extension FaultRule {
    /// What is wrong with the rule itself.
    var problems: [String] {
        var problems: [String] = []
        if let rate, !(0...1).contains(rate) { problems.append("rate has to be from 0 to 1") }
        if let times, times < 0 { problems.append("times has to be 0 or more") }
        let hasStatus = status.flatMap { Int($0) }.map { (200...599).contains($0) } ?? false
        if [.status, .reportsStatus].contains(fault), !hasStatus {
            problems.append("status has to be an HTTP status from 200 to 599")
        }
        if (latencyMS ?? 0) < 0 || (delayMS ?? 0) < 0 {
            problems.append("latency_ms and delay_ms have to be 0 or more")
        }
        return problems
    }

    /// Whether a message is accepted under this rule.
    var accepts: Bool {
        switch fault {
        case .status, .dropBefore, .hang, .reportsStatus: false
        case .dropAfter, .hangAfter, .slow, .noReceipt, .duplicateReceipts, .reorderedReceipts, .lateReceipt,
            .failReceipt, .unsignedReceipt:
            true
        }
    }
}

/// The rules in force.
///
/// The first that fits, with times left, wins.
struct FaultBook: Sendable {
    /// The rules with the times they have left.
    private(set) var rules: [FaultRule] = []

    /// Replaces all rules.
    ///
    /// - Parameter rules: the new ones.
    mutating func replace(_ rules: [FaultRule]) { self.rules = rules }

    /// Picks the rule for a request for reports and counts it.
    ///
    /// - Returns: the rule, or `nil` when nothing goes wrong.
    mutating func pickForReports() -> FaultRule? {
        let isLeft = { (rule: FaultRule) in rule.fault == .reportsStatus && rule.times != 0 }
        guard let index = rules.firstIndex(where: isLeft) else { return nil }
        if let times = rules[index].times { rules[index].times = times - 1 }
        return rules[index]
    }

    /// Picks the rule for a request to send and counts it.
    ///
    /// - Parameters:
    ///   - to: the recipient as the request named it.
    ///   - mayAccept: whether the request would be accepted; if not, rules about what follows acceptance do not apply.
    ///   - chance: a number from 0 up to 1, asked for where a rule has a rate.
    /// - Returns: the rule, or `nil` when nothing goes wrong.
    mutating func pick(to: String?, mayAccept: Bool, chance: () -> Double) -> FaultRule? {
        for index in rules.indices {
            let rule = rules[index]
            guard rule.times != 0, mayAccept || !rule.accepts, rule.fault != .reportsStatus else { continue }
            if let prefix = rule.to, !(to?.hasPrefix(prefix) ?? false) { continue }
            if let rate = rule.rate, chance() >= rate { continue }
            if let times = rule.times { rules[index].times = times - 1 }
            return rule
        }
        return nil
    }
}
