import SMSCore

extension DeadLetters {
    /// How fast dead letters are replayed: evenly, with no burst.
    package struct Pace: Hashable, Sendable {
        /// From one dead letter to the next; nil as fast as they are confirmed.
        package let interval: Duration?

        /// As fast as they are confirmed.
        package static var unlimited: Pace { Pace(interval: nil) }

        /// Why a text is not a pace: a sentence that begins with the text.
        package struct Problem: Error, Hashable {
            /// The rest of that sentence.
            package let text: String
        }

        /// Reads `5/s`, `100/15m`, or `0` for unlimited.
        ///
        /// - Throws: `Problem` for anything else.
        package static func reading(_ text: String) throws(Problem) -> Pace {
            do throws(ValueProblem) {
                switch try ValueParser<PaceLimit>.rate(allowsSegments: false).parse(text) {
                case .unlimited: return .unlimited
                case .limited(let count, let period, _): return Pace(interval: period / count)
                }
            } catch {
                throw Problem(text: error.text)
            }
        }

        /// When the next dead letter may go, after one that went at a moment.
        package func next(after moment: ContinuousClock.Instant) -> ContinuousClock.Instant? {
            interval.map { moment + $0 }
        }
    }
}
