import Foundation

/// Kills the process at a named step, for tests of what a crash there leaves behind.
///
/// `SMS_BRIDGE_DIE_AT=<step>` names it (see `OutboundStep`, `CampaignStep`). Release builds do not have it.
enum FailPoint {
    /// What is called after each step.
    static func hook<Step: RawRepresentable<String> & Sendable>() -> @Sendable (Step) throws -> Void {
        #if DEBUG
            guard let name = ProcessInfo.processInfo.environment["SMS_BRIDGE_DIE_AT"] else { return { _ in } }
            return { step in
                // No exit handler runs and nothing is flushed, as with kill -9.
                if step.rawValue == name { kill(getpid(), SIGKILL) }
            }
        #else
            return { _ in }
        #endif
    }
}
