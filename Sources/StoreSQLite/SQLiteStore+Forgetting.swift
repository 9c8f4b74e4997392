package import Contracts
package import SMSCore
import StoreSupport

extension SQLiteStore {
    package func forget(_ number: PhoneNumber) async throws -> Forgotten {
        // What is overwritten is zeroed in the file, too (https://www.sqlite.org/pragma.html#pragma_secure_delete).
        try await execute("PRAGMA secure_delete = ON")
        let forgotten = try await erase(number)
        await emptyLog()
        return forgotten
    }

    package func replace(with record: MessageRecord, erasingReceiptsOf messageUUIDs: [String]) async throws -> Bool {
        try await write(record) { write, database in
            guard try write.make(in: database) != nil else { return false }
            try database.eraseReceipts(of: messageUUIDs)
            return true
        }
    }
}
