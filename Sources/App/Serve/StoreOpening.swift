import Bridge
import FoundationEssentials
import Metrics
import SMSCore
import StorePostgres
import StoreSQLite
import StoreSupport

/// Opens the store of a process that serves, with its times measured.
struct StoreOpening: Sendable {
    let settings: Settings
    /// This run of the service, by which other replicas know it.
    let boot: BootID

    /// Opens it, or says at once why not.
    ///
    /// - Throws: `StoreError`.
    func open() async throws -> any Store {
        let timers = (read: BridgeMetrics.storeDuration("read"), write: BridgeMetrics.storeDuration("write"))
        switch settings.store.location {
        case .sqlite(let path):
            return try SQLiteStore(path: path) { operation, duration in
                switch operation {
                case .read: timers.read.record(duration: duration)
                case .write: timers.write.record(duration: duration)
                }
            }
        case .postgres(let uri):
            var options = PostgresStore.Options(uri: uri, owner: boot)
            options.instance = ProcessInfo.processInfo.hostName
            options.leaseLength = settings.sending.timeout + .seconds(5)
            return try await PostgresStore.open(options) { operation, duration in
                switch operation {
                case .read: timers.read.record(duration: duration)
                case .write: timers.write.record(duration: duration)
                }
            }
        }
    }

    /// Whether a store that cannot be opened now may be there soon.
    ///
    /// A database is busy while another replica brings its tables to this version.
    static func isWorthWaiting(_ error: StoreError) -> Bool { [.inUse, .unavailable, .busy].contains(error.code) }
}
