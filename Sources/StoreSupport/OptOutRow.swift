package import SMSCore

/// An entry of the suppression list as a row of the table `opt_out`.
package enum OptOutRow {
    /// `SELECT` with what `optOut` reads, to be followed by a condition.
    package static let select = "SELECT number, sender, source, keyword, message_uuid, at FROM opt_out"

    /// The entry in a row.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when there is none in it.
    package static func optOut(from reader: inout some ColumnReader) throws -> OptOut {
        let number: String = try reader.next()
        let sender: String = try reader.next()
        guard let source = OptOut.Source(rawValue: try reader.next()) else {
            throw StoreError.corrupt("The source of an opt-out")
        }
        return OptOut(
            number: number,
            sender: sender,
            source: source,
            keyword: try reader.nextIfPresent(),
            messageUUID: try reader.nextIfPresent(),
            at: try reader.nextMoment()
        )
    }
}

/// A change as a row of the table `opt_out_change`.
package enum OptOutChangeRow {
    /// `SELECT` with what `change` reads, to be followed by a condition.
    package static let select =
        "SELECT place, kind, number, sender, source, keyword, message_uuid, at FROM opt_out_change"

    /// The change in a row.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when there is none in it.
    package static func change(from reader: inout some ColumnReader) throws -> OptOutChange {
        let place: Int64 = try reader.next()
        guard let kind = OptOutChange.Kind(rawValue: try reader.next()) else {
            throw StoreError.corrupt("The kind of a change of the suppression list")
        }
        let number: String = try reader.next()
        let sender: String = try reader.next()
        guard let source = OptOut.Source(rawValue: try reader.next()) else {
            throw StoreError.corrupt("The source of a change of the suppression list")
        }
        return OptOutChange(
            place: place,
            kind: kind,
            number: number,
            sender: sender,
            source: source,
            keyword: try reader.nextIfPresent(),
            messageUUID: try reader.nextIfPresent(),
            at: try reader.nextMoment()
        )
    }
}

extension OptOut {
    /// The entry of a number that the caller knows, though the list has forgotten it.
    package func naming(_ number: String) -> OptOut {
        OptOut(number: number, sender: sender, source: source, keyword: keyword, messageUUID: messageUUID, at: at)
    }
}
