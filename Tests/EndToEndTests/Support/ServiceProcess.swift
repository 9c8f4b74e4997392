import Foundation
import Synchronization

/// The real binary in a process of its own, so that it can really be killed.
///
/// Its output goes to a file and is looked at there: Foundation's handlers of a pipe can outlive its descriptor, and then
/// take the whole test run with them.
final class ServiceProcess: Sendable {
    /// Where the binary was built: beside the test bundle.
    static var binary: URL {
        if let path = ProcessInfo.processInfo.environment["SMS_BRIDGE_BINARY"] { return URL(fileURLWithPath: path) }
        let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        return bundle.appendingPathComponent("sms-bridge")
    }

    struct Died: Error, CustomStringConvertible {
        let description: String
    }

    private let process = Process()
    private let output: URL
    /// Set by the process's end.
    private let exit = ExitLatch()

    /// Starts the binary, or another program in its place.
    init(
        _ arguments: [String],
        executable: URL = ServiceProcess.binary,
        environment: [String: String],
        directory: URL
    ) throws {
        output = directory.appendingPathComponent("output-" + UUID().uuidString.lowercased())
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        defer { try? handle.close() }
        process.executableURL = executable
        process.arguments = arguments
        process.environment = environment.merging(["PATH": "/usr/bin:/bin", "HOME": directory.path]) { ours, _ in ours }
        process.currentDirectoryURL = directory
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        process.terminationHandler = { [exit] process in exit.open(process.terminationStatus) }
        try process.run()
    }

    /// A test that fails leaves no process behind.
    deinit {
        if process.isRunning { killNow() }
    }

    /// All it has written so far, both streams.
    var log: String { (try? Data(contentsOf: output)).map { String(decoding: $0, as: UTF8.self) } ?? "" }

    /// The most resident memory that it has had so far, in KiB; nil where the system does not say.
    var peakMemoryKB: Int? {
        let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }

    /// Waits until the output holds some text.
    ///
    /// - Throws: `Died`, with the log's end, when the process ended first or nothing came within 60 s.
    func waitForOutput(_ text: String, within limit: Duration = .seconds(60)) async throws {
        let came = try await eventually(within: limit) { self.log.contains(text) || self.exit.value != nil }
        let log = log
        guard came, log.contains(text) else {
            let end = exit.value.map { "it ended with \($0); " } ?? ""
            throw Died(description: "\(end)no \"\(text)\" in the output, which ends: \(log.suffix(3_000))")
        }
    }

    /// Waits for the end.
    ///
    /// - Returns: the exit code; nil when it was still running after the limit.
    func waitForExit(within limit: Duration = .seconds(60)) async -> Int32? {
        await exit.wait(limit)
    }

    /// Its number, for programs that watch it.
    var processIdentifier: Int32 { process.processIdentifier }

    func terminate() { process.terminate() }

    /// SIGKILL: nothing is drained, nothing is flushed.
    func killNow() { kill(process.processIdentifier, SIGKILL) }
}

/// Opens once, with a value that every waiter gets.
final class ExitLatch: Sendable {
    private let state = Mutex<Int32?>(nil)

    /// What it was opened with; nil before.
    var value: Int32? { state.withLock { $0 } }

    func open(_ value: Int32) { state.withLock { $0 = value } }

    /// Waits until it is open, for so long at most.
    func wait(_ limit: Duration) async -> Int32? {
        _ = try? await eventually(within: limit) { self.value != nil }
        return value
    }
}
