import Foundation
import Synchronization

/// The real binary in a process of its own, so that it can really be killed.
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
    private let output = Mutex<(text: String, waiters: [(String, CheckedContinuation<Bool, Never>)])>(("", []))
    private let exit = ExitLatch()
    /// Opened at the output's end, which can be later than the process's.
    private let outputEnd = ExitLatch()

    /// Starts the binary.
    init(_ arguments: [String], environment: [String: String], directory: URL) throws {
        process.executableURL = Self.binary
        process.arguments = arguments
        process.environment = environment.merging(["PATH": "/usr/bin:/bin", "HOME": directory.path]) { ours, _ in ours }
        process.currentDirectoryURL = directory
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        pipe.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            guard !data.isEmpty else {
                handle.readabilityHandler = nil
                self?.finishOutput()
                return
            }
            self?.take(String(decoding: data, as: UTF8.self))
        }
        process.terminationHandler = { [exit] process in
            exit.open(process.terminationStatus)
        }
        try process.run()
    }

    /// A test that fails leaves no process behind.
    deinit {
        if process.isRunning { killNow() }
    }

    /// All it has written so far, both streams.
    var log: String { output.withLock { $0.text } }

    /// Waits until the output holds some text.
    ///
    /// - Throws: `Died`, with the log's end, when the process ended first or nothing came within 60 s.
    func waitForOutput(_ text: String, within limit: Duration = .seconds(60)) async throws {
        let came = await withTaskGroup(of: Bool.self) { group in
            group.addTask { await self.outputHas(text) }
            group.addTask {
                try? await ContinuousClock().sleep(for: limit)
                self.abandon(text)
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
        if !came { throw Died(description: "no \"\(text)\" in the output, which ends: \(log.suffix(3_000))") }
    }

    /// Waits for the end, and until all output is in the log.
    ///
    /// - Returns: the exit code; nil when it was still running after the limit.
    func waitForExit(within limit: Duration = .seconds(60)) async -> Int32? {
        guard let code = await exit.wait(limit) else { return nil }
        _ = await outputEnd.wait(.seconds(10))
        return code
    }

    func terminate() { process.terminate() }

    /// SIGKILL: nothing is drained, nothing is flushed.
    func killNow() { kill(process.processIdentifier, SIGKILL) }

    private func outputHas(_ text: String) async -> Bool {
        await withCheckedContinuation { continuation in
            let isThere = output.withLock { output in
                if output.text.contains(text) { return true }
                output.waiters.append((text, continuation))
                return false
            }
            if isThere { continuation.resume(returning: true) }
        }
    }

    private func take(_ chunk: String) {
        let ready = output.withLock { output in
            output.text += chunk
            let ready = output.waiters.filter { output.text.contains($0.0) }
            output.waiters.removeAll { output.text.contains($0.0) }
            return ready
        }
        for (_, continuation) in ready { continuation.resume(returning: true) }
    }

    private func abandon(_ text: String) {
        let given = output.withLock { output in
            let given = output.waiters.filter { $0.0 == text }
            output.waiters.removeAll { $0.0 == text }
            return given
        }
        for (_, continuation) in given { continuation.resume(returning: false) }
    }

    private func finishOutput() {
        let rest = output.withLock { output in
            defer { output.waiters = [] }
            return output.waiters
        }
        for (_, continuation) in rest { continuation.resume(returning: false) }
        outputEnd.open(0)
    }
}

/// Opens once, with a value; whoever waits is told.
final class ExitLatch: Sendable {
    private let state = Mutex<(value: Int32?, waiters: [CheckedContinuation<Int32?, Never>])>((nil, []))

    func open(_ value: Int32) {
        let waiters = state.withLock { state in
            state.value = value
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    func wait(_ limit: Duration) async -> Int32? {
        await withTaskGroup(of: Int32?.self) { group in
            group.addTask {
                await withCheckedContinuation { continuation in
                    let value = self.state.withLock { state in
                        if state.value == nil { state.waiters.append(continuation) }
                        return state.value
                    }
                    if let value { continuation.resume(returning: value) }
                }
            }
            group.addTask {
                try? await ContinuousClock().sleep(for: limit)
                let waiters = self.state.withLock { state in
                    defer { state.waiters = [] }
                    return state.waiters
                }
                for waiter in waiters { waiter.resume(returning: nil) }
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}
