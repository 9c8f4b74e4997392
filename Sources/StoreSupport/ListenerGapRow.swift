import Contracts
package import SMSCore

/// A gap of the listener as a row of the table of gaps.
package enum ListenerGapRow {
    /// What `gap` reads.
    package static let columns = "kind, since, until"

    /// The gap in a row.
    ///
    /// - Throws: ``StoreError`` with `corrupt` when there is none in it.
    package static func gap(from reader: inout some ColumnReader) throws -> ListenerGap {
        guard let kind = ListenerGap.Kind(rawValue: try reader.next()) else {
            throw StoreError.corrupt("A gap of the listener")
        }
        return ListenerGap(kind, from: try reader.nextMoment(), until: try reader.nextMoment())
    }
}
