import SMSCore

/// Every port is implemented in a file of its own.
extension SQLiteStore: Store {}
