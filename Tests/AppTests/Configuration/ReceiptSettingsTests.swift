import App
import Testing

@Suite("The settings of receipts that do not come")
struct ReceiptSettingsTests {
    @Test("A message is never overdue later than its record is kept")
    func bound() throws {
        #expect(try settings(["RECORD_RETENTION": "10h"]).overdueAfter == .seconds(9 * 3_600))
        #expect(try settings(["RECEIPT_OVERDUE": "1s"]).overdueAfter == .seconds(1))
        #expect(try settings(["RECEIPT_OVERDUE": "0"]).overdueAfter == .zero)
    }

    /// The variables that have a problem.
    private func places(_ environment: [String: String]) -> [String] {
        problems(environment).map { String($0.prefix { $0.isLetter || $0 == "_" }) }
    }

    @Test("The Reports API takes the account's credentials only")
    func credentials() {
        #expect(places(["RECONCILE": "reports"]) == ["RECONCILE"])
        let account = ["VONAGE_API_KEY": "12ab34cd", "VONAGE_API_SECRET": "made-up-secret"]
        #expect(problems(account.merging(["RECONCILE": "reports"]) { $1 }) == [])
        #expect(places(["RECONCILE": "sometimes"]) == ["RECONCILE"])
        #expect(places(["RECONCILE_BUDGET": "0"]) == ["RECONCILE_BUDGET"])
    }
}
