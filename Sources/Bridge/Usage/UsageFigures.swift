import Contracts

/// What messages have cost since the start in one currency, for `GET /overview` (docs/openapi.yaml).
package struct UsageFigures: Hashable, Sendable, Encodable {
    /// How many parts of each kind are listed, the largest first; `/metrics` has all of them.
    package static let listed = 20

    /// A part of the sum, in plain decimals without rounding.
    package struct Part: Hashable, Sendable, Encodable {
        package let name: String
        package let sum: String
    }

    /// As the provider names it, or `unknown`.
    package let currency: String
    /// Of all messages.
    package let sum: String
    /// By calling code without `+`.
    package let countries: [Part]
    package let senders: [Part]
    /// By campaign's id; `none` for messages of no campaign.
    package let campaigns: [Part]

    /// The figures of each currency, by its name.
    package static func all(of sums: UsageSums) -> [UsageFigures] {
        // The sums of each dimension add up to the same.
        let currencies = Set((sums.sums[.country] ?? [:]).keys.map(\.currency))
        return currencies.sorted().map { UsageFigures($0, sums) }
    }

    private init(_ currency: String, _ sums: UsageSums) {
        func parts(_ dimension: UsageSums.Dimension) -> [(name: String, sum: ExactDecimal)] {
            (sums.sums[dimension] ?? [:]).filter { $0.key.currency == currency }
                .map { (name: $0.key.label, sum: $0.value) }
                .sorted { $0.sum == $1.sum ? $0.name < $1.name : $0.sum > $1.sum }
        }
        func largest(_ dimension: UsageSums.Dimension) -> [Part] {
            parts(dimension).prefix(Self.listed).map { Part(name: $0.name, sum: $0.sum.description) }
        }
        self.currency = currency
        sum = parts(.country).reduce(ExactDecimal.zero) { $0 + $1.sum }.description
        countries = largest(.country)
        senders = largest(.sender)
        campaigns = largest(.campaign)
    }
}
