import Foundation
import Testing

/// One round of a soak: so long, with this seed.
struct SoakRound: Sendable, CustomTestStringConvertible {
    /// The longest of a round; a longer soak has several, each with a ledger and a seed of its own.
    private static let longest: Duration = .seconds(180)

    let seed: UInt64
    /// How long commands are published.
    let duration: Duration
    /// How many commands a second at most.
    let perSecond: Int
    /// What is added to the run.
    let variant: SoakVariant

    var testDescription: String { "seed \(seed)" }

    /// What `make soak` asks for by the environment: `SOAK_MINUTES`, `SOAK_SEED` and the variants; else a short one.
    static let all: [SoakRound] = {
        let environment = ProcessInfo.processInfo.environment
        let seed = environment["SOAK_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1_000_000)
        guard let minutes = environment["SOAK_MINUTES"].flatMap({ Double($0) }) else {
            return [SoakRound(seed: seed, duration: .seconds(25), perSecond: 40, variant: SoakVariant([:]))]
        }
        let total = max(Duration.seconds(minutes * 60), .seconds(10))
        let count = Int((total / longest).rounded(.up))
        let variant = SoakVariant(environment)
        return (0..<count).map { number in
            SoakRound(
                seed: seed + UInt64(number),
                duration: total / count,
                perSecond: variant.load(80),
                variant: variant
            )
        }
    }()

    /// Where the logs of all rounds are kept, however they end; set by `make soak`.
    private static let logs = ProcessInfo.processInfo.environment["SOAK_LOGS"].map { URL(filePath: $0) }

    /// Whether the logs of a round in which all was well are kept as well.
    static var keepsLogs: Bool { logs != nil }

    /// Makes the folder for the round's logs.
    func makeFolder() throws -> URL {
        let folder = (Self.logs ?? FileManager.default.temporaryDirectory).appending(path: "soak-\(seed)")
        try? FileManager.default.removeItem(at: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}
