package import Contracts
import Synchronization

/// How asking the provider for receipts goes: for health, and for the log's sake noted only when it changes.
package final class ReportsState: Sendable {
    /// What came of it last.
    package enum Standing: Hashable, Sendable {
        /// Nothing is wrong.
        case well
        /// The account may not ask.
        case noAccess(ProviderProblem)
        /// It fails at the moment; with the reason.
        case failing(String)
        /// The day's budget is used up.
        case budgetSpent
    }

    private let state = Mutex<(standing: Standing, failures: Int)>((.well, 0))

    /// Nothing is known to be wrong.
    package init() {}

    /// What came of it last.
    package var standing: Standing { state.withLock { $0.standing } }

    /// One sentence for people; nil when all is well.
    package var detail: String? {
        switch standing {
        case .well: nil
        case .noAccess(let problem):
            "the account has no access to Vonage's Reports API (\(problem.status.map(String.init) ?? "?") "
                + "\(problem.title ?? "")): it is a paid product of its own; ask Vonage for it, or set RECONCILE=off"
        case .failing(let reason): "Vonage's Reports API fails: \(reason)"
        case .budgetSpent: "RECONCILE_BUDGET is used up for today (UTC)"
        }
    }

    /// Notes what came of a request.
    ///
    /// - Returns: whether that is news, and how many failures in a row there are.
    func note(_ standing: Standing) -> (isNews: Bool, failures: Int) {
        state.withLock { state in
            let isNews = state.standing != standing
            state.standing = standing
            state.failures = if case .failing = standing { state.failures + 1 } else { 0 }
            return (isNews, state.failures)
        }
    }
}
