import TestSupport

/// Random numbers that a seed repeats (SplitMix64).
struct SoakRandom: RandomNumberGenerator {
    private var numbers: SplitMix64

    /// A stream of a seed.
    ///
    /// - Parameters:
    ///   - seed: as printed by the run.
    ///   - stream: streams of one seed have nothing to do with each other.
    init(seed: UInt64, stream: UInt64) {
        var first = SplitMix64(seed: seed &+ stream &* 0xD1B5_4A32_D192_ED03)
        numbers = SplitMix64(seed: first.next())
    }

    mutating func next() -> UInt64 { numbers.next() }

    /// Whether something of a probability happens.
    mutating func happens(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self) < probability }

    /// A duration between two.
    mutating func duration(_ range: ClosedRange<Duration>) -> Duration {
        range.lowerBound + (range.upperBound - range.lowerBound) * Double.random(in: 0...1, using: &self)
    }
}
