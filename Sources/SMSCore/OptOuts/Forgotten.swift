/// What forgetting a person has done, as `forget --json` shows it.
package struct Forgotten: Hashable, Sendable, Encodable {
    /// Settled commands whose records no longer say to whom they went.
    package var records: Int
    /// Recipients of campaigns that are over.
    package var recipients: Int
    /// Entries of the suppression list that go on holding, as a digest.
    package var optOuts: Int
    /// Commands, recipients and spooled events that are under way and still name the number.
    package var open: Int

    /// So much of each.
    package init(records: Int = 0, recipients: Int = 0, optOuts: Int = 0, open: Int = 0) {
        self.records = records
        self.recipients = recipients
        self.optOuts = optOuts
        self.open = open
    }

    private enum CodingKeys: String, CodingKey {
        case records, recipients, open
        case optOuts = "opt_outs"
    }
}
