package import Contracts

/// Everything that a store keeps, in one value.
package protocol Store: MessageStore, ReceiptStore, ListenerLog, SweepLog, EventSpool, CampaignStore, OptOutStore,
    ReplyStore, OverdueStore, MessageSearch
{
    /// Erases a number from everything that is settled; returns how much was erased, and how much is still under way.
    func forget(_ number: PhoneNumber) async throws -> Forgotten

    /// Ends the store: takes no more calls, waits for those asked for.
    func close() async throws
}
