import Contracts
import GRDB
package import SMSCore
import StoreSupport

extension SQLiteStore {
    package func save(_ record: MessageRecord) async throws -> MessageRecord? {
        try await write(record) { write, database in try write.make(in: database) }
    }

    package func begin(_ record: MessageRecord) async throws -> IntentResult {
        guard case .sending = record.state else {
            throw StoreError(.misuse, "An intent to send must be a record in state sending.")
        }
        let digest = digest
        return try await write(record) { write, database in
            if let bar = try database.bar(on: record, digest) { return .barred(bar) }
            return try write.make(in: database).map(IntentResult.begun) ?? .lost
        }
    }

    package func probe() async throws {
        let now = Timestamp.now
        let seen: Timestamp? = try await writer.write { database in
            try database.change("INSERT INTO probe (at) VALUES (?)", [now.column])
            let seen: Timestamp? = try database.value("SELECT at FROM probe WHERE number = last_insert_rowid()", [])
            try database.change("DELETE FROM probe", [])
            return seen
        }
        guard seen == now else { throw StoreError.corrupt("What was just written") }
        let _: Int? = try await read { try $0.value("SELECT COUNT(*) FROM probe", []) }
    }
}
