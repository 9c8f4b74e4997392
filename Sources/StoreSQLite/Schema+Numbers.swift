import Contracts
import GRDB
import SMSCore
import StoreSupport

extension Schema {
    /// Brings the suppression list to the spellings that numbers have now.
    ///
    /// Before libphonenumber read them, a trunk zero stayed in a number (`+4407700900124`), and so in its entry, which a
    /// command to the same number in its one right spelling would not have found. Where both spellings are on the list, the
    /// right one's entry stays. What cannot be read as a number is left as it is.
    static func readNumbersAnew(_ database: Database) throws {
        let rows = try Row.fetchCursor(database, sql: "SELECT number, sender FROM opt_out")
        var changes: [(number: String, sender: String, newNumber: String, newSender: String)] = []
        while let row = try rows.next() {
            let (number, sender): (String, String) = (row[0], row[1])
            let newNumber = spelling(of: number)
            let newSender = spelling(of: sender)
            if newNumber != number || newSender != sender { changes.append((number, sender, newNumber, newSender)) }
        }
        for change in changes {
            try database.execute(
                sql: "UPDATE OR IGNORE opt_out SET number = ?, sender = ? WHERE number = ? AND sender = ?",
                arguments: [change.newNumber, change.newSender, change.number, change.sender]
            )
            // Still there where the other spelling has an entry of its own.
            try database.execute(
                sql: "DELETE FROM opt_out WHERE number = ? AND sender = ?",
                arguments: [change.number, change.sender]
            )
        }
    }

    private static func spelling(of written: String) -> String {
        guard written.hasPrefix("+"), case .success(let number) = PhoneNumberReader.read(written) else {
            return written
        }
        return number.e164
    }
}
