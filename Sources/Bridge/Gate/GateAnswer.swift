package import Contracts

/// The gate's answer.
package enum GateAnswer: Sendable {
    /// It may send now; the pass is finished once it has.
    case go(GatePass)
    /// It waits in the broker until then, and comes back with that time as its reservation.
    case later(until: Timestamp)
}
