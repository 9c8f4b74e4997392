internal import StoreSupport

extension StoreError {
    /// The meaning of a SQLSTATE (https://www.postgresql.org/docs/15/errcodes-appendix.html).
    ///
    /// The server's own words are left out: they can hold a row's values.
    init(sqlState: String?) {
        let state = sqlState ?? "?????"
        let (code, message, isRetriable): (Code, String, Bool) =
            switch (state.prefix(2), state) {
            case (_, "40001"), (_, "40P01"): (.busy, "The database undid a change because of another one.", true)
            case (_, "55P03"), (_, "57014"): (.busy, "The database did not do its work in time.", true)
            case (_, "53100"): (.full, "The database's disk is full.", true)
            case ("08", _), (_, "57P01"), (_, "57P02"), (_, "57P03"), (_, "25P03"), (_, "53300"):
                (.unavailable, "The database ended the connection.", true)
            case (_, "25006"): (.unavailable, "The database is a replica and takes no changes.", true)
            case ("53", _): (.busy, "The database has no resources left.", true)
            case ("58", _): (.inputOutput, "The database's disk failed.", true)
            case ("XX", _): (.corrupt, "The database is damaged.", false)
            case ("28", _), (_, "42501"), ("3D", _): (.cannotOpen, "The database does not let this user in.", false)
            case ("22", _), ("23", _): (.misuse, "The database does not take what it was given.", false)
            case ("42", _): (.schema, "The database does not have the tables of this version.", false)
            default: (.other, "The database failed.", false)
            }
        self.init(code, message, sqlState: sqlState, isRetriable: isRetriable)
    }

    /// Whether the same transaction is worth another attempt at once: it was undone because of another one.
    var isConflict: Bool { sqlState == "40001" || sqlState == "40P01" }
}
