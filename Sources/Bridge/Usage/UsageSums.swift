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

    /// All sums in Prometheus' text format, exact to the last digit.
    package var prometheusText: String {
        var text = ""
        for dimension in Dimension.allCases {
            guard let sums = sums[dimension], !sums.isEmpty else { continue }
            let metric = dimension.metric
            text += "# HELP \(metric.name) \(metric.help)\n# TYPE \(metric.name) counter\n"
            for (key, sum) in sums.sorted(by: { ($0.key.currency, $0.key.label) < ($1.key.currency, $1.key.label) }) {
                let labels = "\(dimension.rawValue)=\"\(Self.escaped(key.label))\""
                text += "\(metric.name){currency=\"\(Self.escaped(key.currency))\",\(labels)} \(sum)\n"
            }
        }
        return text
    }

    private static func escaped(_ text: String) -> String {
        text.flatMap { character -> [Character] in
            switch character {
            case "\\": ["\\", "\\"]
            case "\"": ["\\", "\""]
            case "\n", "\r": [" "]
            default: [character]
            }
        }.reduce(into: "") { $0.append($1) }
    }
}

extension UsageSums.Dimension {
    var metric: BridgeMetric {
        switch self {
        case .country: .usageByCountry
        case .sender: .usageBySender
        case .campaign: .usageByCampaign
        }
    }
}
