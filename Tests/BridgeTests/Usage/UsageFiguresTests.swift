import Contracts
import Testing

@testable import Bridge

@Suite("What messages have cost, for people")
struct UsageFiguresTests {
    private func sums(_ prices: [(price: String, currency: String, country: String)]) throws -> UsageSums {
        var sums = UsageSums()
        for (price, currency, country) in prices {
            let price = try #require(ExactDecimal(price))
            sums.add(price, currency, to: country, .country)
            sums.add(price, currency, to: "Shop", .sender)
            sums.add(price, currency, to: "none", .campaign)
        }
        return sums
    }

    @Test("is summed by currency to the last digit, its parts the largest first")
    func figures() throws {
        let figures = UsageFigures.all(
            of: try sums([
                ("0.0333", "EUR", "1"), ("0.1", "EUR", "44"), ("0.0333", "EUR", "1"), ("2", "USD", "1"),
                ("0.0666", "EUR", "33"),
            ])
        )
        #expect(figures.map(\.currency) == ["EUR", "USD"])
        #expect(figures.map(\.sum) == ["0.2332", "2"])
        let parts = figures[0].countries.map { "\($0.name) \($0.sum)" }
        #expect(parts == ["44 0.1", "1 0.0666", "33 0.0666"])
        #expect(figures[0].senders.map(\.sum) == ["0.2332"] && figures[1].campaigns.map(\.name) == ["none"])
        #expect(UsageFigures.all(of: UsageSums()).isEmpty)
    }

    @Test("lists twenty parts, and sums all")
    func bounded() throws {
        let prices = (1...30).map { (price: "\($0)", currency: "EUR", country: "\(100 + $0)") }
        let figures = try #require(UsageFigures.all(of: try sums(prices)).first)
        #expect(figures.countries.count == 20 && figures.countries[0].name == "130" && figures.sum == "465")
    }
}
