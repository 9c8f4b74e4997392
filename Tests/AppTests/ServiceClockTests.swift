import Contracts
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
}
