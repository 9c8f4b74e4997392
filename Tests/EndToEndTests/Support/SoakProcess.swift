import Foundation

/// The real binary in a process of its own, whose output goes to the end of a file.
final class SoakProcess: Sendable {
    private let process = Process()
    private let exit = ExitLatch()
    private let start = ContinuousClock.now

    /// Starts the binary.
    ///
    /// - Parameters:
    ///   - arguments: as `serve`.
    ///   - environment: all that it gets but `PATH` and `HOME`.
    ///   - directory: where it runs.
    ///   - log: the file for both of its streams.
    /// - Throws: when it cannot be started, or the file not be written.
    init(_ arguments: [String], environment: [String: String], directory: URL, log: URL) throws {
        process.executableURL = ServiceProcess.binary
        process.arguments = arguments
        process.environment = environment.merging(["PATH": "/usr/bin:/bin", "HOME": directory.path]) { ours, _ in ours }
        process.currentDirectoryURL = directory
        if !FileManager.default.fileExists(atPath: log.path) { try Data().write(to: log) }
        let handle = try FileHandle(forWritingTo: log)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("--- \(Date().ISO8601Format()) \(arguments.joined(separator: " "))\n".utf8))
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        process.terminationHandler = { [exit] process in exit.open(process.terminationStatus) }
        try process.run()
        try handle.close()
    }

    /// A run that fails leaves no process behind.
    deinit {
        if process.isRunning { killNow() }
    }

    /// Whether it has not ended.
    var isRunning: Bool { process.isRunning }

    /// Whether SIGTERM itself has ended it, and so early that it had no handler for it yet.
    var diedInItsStart: Bool {
        process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGTERM && start.isRecent
    }

    /// SIGTERM.
    func terminate() { process.terminate() }

    /// SIGKILL.
    func killNow() { kill(process.processIdentifier, SIGKILL) }

    /// Waits for the end.
    ///
    /// - Returns: the exit code, or the signal's number; nil when it was still running after the limit.
    func waitForExit(within limit: Duration) async -> Int32? { await exit.wait(limit) }
}

extension ContinuousClock.Instant {
    fileprivate var isRecent: Bool { duration(to: .now) < .seconds(5) }
}
