package import Contracts
package import SMSCore
internal import StoreSupport

extension PostgresStore {
    /// The server overwrites what was erased when it vacuums its tables.
    package func forget(_ number: PhoneNumber) async throws -> Forgotten { try await erase(number) }
}
