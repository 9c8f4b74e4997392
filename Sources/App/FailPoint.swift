import Bridge
import Foundation
import Synchronization

/// Kills the process at a named step of the outbound line, for tests of what a crash there leaves behind.
///
/// `SMS_BRIDGE_DIE_AT=<step>` names it (see `OutboundStep`). Release builds have nothing of this.
enum FailPoint {
    static func hook() -> OutboundStep.Hook {
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
