/// Which receipts follow an accepted message, and how.
struct ReceiptPlan: Sendable, Equatable {
    /// One receipt.
    struct Step: Sendable, Equatable {
        /// The word it reports, as `submitted` or `delivered`.
        var status: String
        /// The provider's code of a failure.
        var error: Int?
        /// How many milliseconds after acceptance it claims to have happened.
        var age: Int
    }

    /// The receipts in the order in which they are sent: each when the one before has had its first attempt.
    var steps: [Step]
    /// How long after acceptance the first one is sent, besides the usual.
    var delay: Duration = .zero
    /// How often each is sent.
    var copies = 1
    /// Whether a receipt's first attempt goes unsigned.
    var firstAttemptIsUnsigned = false

    /// Plans the receipts of a message.
    ///
    /// - Parameter rule: the fault that was applied to it.
    init(_ rule: FaultRule?) {
        let submitted = Step(status: "submitted", age: 0)
        steps = [submitted, Step(status: "delivered", age: 15)]
        switch rule?.fault {
        case .noReceipt:
            steps = []
        case .duplicateReceipts:
            copies = 2
        case .reorderedReceipts:
            steps.reverse()
        case .lateReceipt:
            delay = .milliseconds(rule?.delayMS ?? 1_000)
        case .failReceipt:
            steps = [submitted, Step(status: rule?.status ?? "rejected", error: rule?.error ?? 1_330, age: 15)]
        case .unsignedReceipt:
            firstAttemptIsUnsigned = true
        case .slow, .dropAfter, .hangAfter, .dropBefore, .hang, .status, .reportsStatus, nil:
            break
        }
    }
}
