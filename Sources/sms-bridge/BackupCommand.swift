import App
import ArgumentParser
import Contracts
import Tools

/// `sms-bridge backup`: a copy of the embedded store while the service runs.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the embedded store (STORE_URL=sqlite:…) to a file, while the service runs.",
        discussion: """
            The copy is the store at one moment, readable by its owner alone, and has been checked \
            (PRAGMA integrity_check) before it gets its name. It holds telephone numbers. A file that exists is never \
            overwritten. docs/upgrade.md says how it is restored.
            Exit codes: 0 the backup is there, 65 the store is damaged, 66 there is no store, or it cannot be read, 73 \
            the file exists or cannot be written.
            """
    )

    @OptionGroup var common: CommonOptions

    @Argument(help: "The file to be made; its folder has to exist.")
    var file: String

    func run() async throws {
        let settings = try common.settings()
        do throws(BackupTool.Failure) {
            let report = try BackupTool.run(settings, to: file)
            if common.json {
                Terminal.say((try? JSONBytes.encode(report)) ?? [])
            } else {
                Terminal.say("\(file): \(report.bytes) bytes, checked; schema \"\(report.schema)\"")
            }
        } catch {
            switch error {
            case .damaged(let message): try fail(message, Sysexits.dataError)
            case .store(let message): try fail(message, Sysexits.noInput)
            case .file(let message): try fail(message, Sysexits.cannotCreate)
            }
        }
    }

    private func fail(_ message: String, _ code: Int32) throws {
        Terminal.complain("no backup was made: \(message)")
        throw ExitCode(code)
    }
}
