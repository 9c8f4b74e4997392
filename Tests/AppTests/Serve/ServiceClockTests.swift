import Contracts
import SMSCore
import Testing

@testable import App

@Suite("The clock of this machine")
struct ServiceClockTests {
    private static let now = Timestamp(milliseconds: 1_795_000_000_000)

    @Test("is trusted within a minute of the provider's, and where that is not known")
    func trusted() {
        for offset in [nil, Duration.zero, .seconds(59), .seconds(-59)] {
            #expect(ServiceClock.fault(now: Self.now, providerOffset: offset) == nil)
        }
    }

    @Test("is named when it is minutes away, in which direction, or before this program was built")
    func wrong() {
        #expect(ServiceClock.fault(now: Self.now, providerOffset: .seconds(61))?.contains("61 s later") == true)
        #expect(ServiceClock.fault(now: Self.now, providerOffset: .seconds(-3600))?.contains("3600 s earlier") == true)
        #expect(ServiceClock.fault(now: Timestamp(milliseconds: 0), providerOffset: nil) != nil)
    }

    @Test("is confirmed by the provider's alone, and wrong where that shows another time")
    func trust() {
        #expect(ServiceClock { nil }.trust(now: Self.now) == .unknown)
        #expect(ServiceClock { .seconds(5) }.trust(now: Self.now) == .confirmed)
        #expect(ServiceClock { .seconds(-2_678_400) }.trust(now: Self.now) == .wrong)
        #expect(ServiceClock { nil }.trust(now: Timestamp(milliseconds: 0)) == .wrong)
    }
}
