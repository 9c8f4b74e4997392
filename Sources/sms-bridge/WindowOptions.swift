import ArgumentParser
import Contracts
import Tools

/// When the handset may be written to, for commands that publish messages.
struct WindowOptions: ParsableArguments {
    @Option(
        name: .long,
        help: """
            Send only in these hours, and on these days: "09:00-20:00" or "09:00-20:00 mon-sat". Outside them the message \
            waits for the next opening.
            """
    )
    var window: String?

    @Option(name: .long, help: "Whose clock --window means: an IANA zone as Europe/Paris, or recipient (default).")
    var tz: String?

    /// Both, read.
    ///
    /// - Throws: `ValidationError` with everything that is wrong with them; the exit code is 64.
    func read() throws -> SendWindow? {
        do throws(JSONProblem) {
            return try WindowOption.read(window: window, zone: tz)
        } catch {
            throw ValidationError(error.message)
        }
    }

    /// Reads them before anything is done.
    func validate() throws { _ = try read() }
}
