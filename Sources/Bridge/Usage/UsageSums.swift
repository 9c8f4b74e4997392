package import Contracts

/// What messages have cost since the start, without rounding, by currency: per country, sender and campaign.
package struct UsageSums: Hashable, Sendable {
    /// One sum.
    package struct Key: Hashable, Sendable {
        /// As the provider names it; `unknown` where it names none.
        package let currency: String
        /// A calling code, a sender, or a campaign's id; `other` for those beyond the bound, `none` for no campaign.
        package let label: String
    }

    /// What is summed.
    package enum Dimension: String, Hashable, Sendable, CaseIterable {
        case country
        case sender
        case campaign
    }

    /// The sums of each dimension; those of one currency add up to the same in each.
    package private(set) var sums: [Dimension: [Key: ExactDecimal]] = [:]

    /// No sums.
    package init() {}

    mutating func add(_ price: ExactDecimal, _ currency: String, to label: String, _ dimension: Dimension) {
        let key = Key(currency: currency, label: label)
        let old = sums[dimension]?[key] ?? .zero
        sums[dimension, default: [:]][key] = old + price
    }
}

extension UsageSums.Dimension {
    /// Its counter in `/metrics`, whose labels are `currency` and the dimension's own name.
    package var metric: BridgeMetric {
        switch self {
        case .country: .usageByCountry
        case .sender: .usageBySender
        case .campaign: .usageByCampaign
        }
    }
}
