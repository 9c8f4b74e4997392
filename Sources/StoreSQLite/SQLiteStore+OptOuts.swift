import GRDB
package import SMSCore
import StoreSupport

/// How a number is looked up in the suppression list; `SQLStore+OptOuts.swift` has the rest.
extension SQLiteStore {
    package func optOut(of number: String, sender: String) async throws -> OptOut? {
        let digest = digest
        return try await lookUp { try $0.optOut(of: number, sender: sender, digest) }
    }
}

extension Database {
    /// The entry that forbids a sender to write to a number; in a transaction it stays true until its end.
    func optOut(of number: String, sender: String, _ digest: NumberDigest) throws -> OptOut? {
        if let entry = try entry(of: number, sender: sender) { return entry }
        // A digest costs more than to see that there is none to compare it with.
        guard try hasForgottenNumbers() else { return nil }
        return try entry(of: digest.of(number), sender: sender)?.naming(number)
    }

    /// A sender's own entry before that for all.
    ///
    /// The table's key begins with the number, and nearly every number has no entry: one seek, where a condition on the
    /// sender would make several and sort what they find.
    private func entry(of number: String, sender: String) throws -> OptOut? {
        let statement = try cachedStatement(sql: "\(OptOutRow.select) WHERE number = ?")
        statement.setUncheckedArguments([number])
        let rows = try Row.fetchCursor(statement)
        var forAll: OptOut?
        while let row = try rows.next() {
            let entry = try row.read { try OptOutRow.optOut(from: &$0) }
            if entry.sender == sender { return entry }
            if entry.sender == OptOut.everySender { forAll = entry }
        }
        return forAll
    }

    private func hasForgottenNumbers() throws -> Bool {
        // From the prefix to the character after its colon: one look into the table's key.
        let sql = "SELECT EXISTS (SELECT 1 FROM opt_out WHERE number >= 'forgotten:' AND number < 'forgotten;')"
        return try Bool.fetchOne(cachedStatement(sql: sql)) == true
    }
}
