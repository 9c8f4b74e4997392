import Contracts
import SMSCore
import Testing

@testable import Bridge

@Suite("Why the provider did not take it, in a line")
struct SubmitOutcomeReportingTests {
    @Test(
        "names the status that it answered with, and what that means",
        arguments: [
            (.unavailable(reason: "service_unavailable", ProviderProblem(status: 503)), "503, service_unavailable"),
            (.unavailable(reason: "not_written: refused", nil), "not_written: refused"),
            (.refused(ProviderProblem(status: 422, title: "Invalid", detail: "to is wrong")), "422, to is wrong"),
            (.throttled(retryAfter: .seconds(1)), "429, too many requests: no attempt"),
        ] as [(SubmitOutcome, String)]
    )
    func line(outcome: SubmitOutcome, line: String) {
        #expect(outcome.failure == line)
    }
}
