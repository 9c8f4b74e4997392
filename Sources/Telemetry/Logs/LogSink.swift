internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Where log lines go: a file descriptor, or in tests a function.
///
/// Lines are written one after the other, each whole, whatever thread they come from. Where the descriptor takes a line
/// at once, the caller writes it. Where it does not, as a pipe whose reader hangs, lines are left to a thread of their
/// own, up to a limit beyond which they are dropped and counted: a thread that logs, as the one that sends the broker's
/// heartbeats, must not wait for a reader. A line that cannot be written is dropped, for there is nowhere left to say
/// so.
package final class LogSink: Sendable {
    private enum Target: Sendable {
        case function(@Sendable ([UInt8]) -> Void)
        case descriptor(Int32)
    }

    private struct State {
        /// Lines for the writer to take.
        var waiting: [UInt8] = []
        var droppedCount = 0
        /// Whether the writer is at work, or about to be.
        var isWriting = false
    }

    /// What a pipe takes whole without waiting, where it takes anything (`PIPE_BUF`).
    private static let atOnceMaxBytes = 4096

    private let state = Mutex(State())
    private let target: Target
    private let waitingMaxBytes: Int
    /// Whether a person is looking.
    package let isTerminal: Bool

    /// The process's standard output.
    package static let standardOutput = LogSink(descriptor: STDOUT_FILENO)
    /// The process's standard error.
    package static let standardError = LogSink(descriptor: STDERR_FILENO)

    /// Lines that wait for a slow reader are still written when the process ends, if they can be.
    private static let flushesAtExit: Bool =
        atexit {
            LogSink.standardOutput.flush(within: .seconds(1))
            LogSink.standardError.flush(within: .seconds(1))
        } == 0

    /// A sink that hands each line to a function, one at a time.
    package init(write: @escaping @Sendable ([UInt8]) -> Void) {
        target = .function(write)
        waitingMaxBytes = 0
        isTerminal = false
    }

    /// A sink that writes to a descriptor, which stays the caller's.
    ///
    /// - Parameters:
    ///   - descriptor: a file, a pipe or a terminal.
    ///   - waitingMaxBytes: what may wait for a slow reader, in bytes; 1 MiB by default.
    package init(descriptor: Int32, waitingMaxBytes: Int = 1024 * 1024) {
        target = .descriptor(descriptor)
        self.waitingMaxBytes = waitingMaxBytes
        isTerminal = isatty(descriptor) == 1
    }

    /// Writes one line, or leaves it to be written.
    ///
    /// - Parameters:
    ///   - line: with its line break.
    ///   - note: makes the line that says how many were dropped before this one.
    package func append(_ line: [UInt8], note: (_ droppedCount: Int) -> [UInt8]) {
        switch target {
        case .function(let write): state.withLock { _ in write(line) }
        case .descriptor(let descriptor):
            guard state.withLock({ leave(line, note, to: descriptor, &$0) }) else { return }
            _ = Self.flushesAtExit
            // A queue of its own is a thread of its own, which may hang as long as the reader does.
            DispatchQueue(label: "log-writer").async { self.writeWaiting(to: descriptor) }
        }
    }

    /// Waits until everything is written, or the limit is over.
    package func flush(within limit: Duration) {
        let deadline = ContinuousClock.now + limit
        while state.withLock({ $0.isWriting }), ContinuousClock.now < deadline { usleep(1000) }
    }

    /// - Returns: whether the writer has to be started.
    private func leave(
        _ line: [UInt8],
        _ note: (Int) -> [UInt8],
        to descriptor: Int32,
        _ state: inout State
    ) -> Bool {
        let bytes = state.droppedCount > 0 ? note(state.droppedCount) + line : line
        if !state.isWriting, bytes.count <= Self.atOnceMaxBytes, takesNow(descriptor) {
            state.droppedCount = 0
            writeAll(bytes, to: descriptor)
            return false
        }
        // What is being written has been taken out: a single line always finds room in an empty queue.
        guard state.waiting.isEmpty || state.waiting.count + bytes.count <= waitingMaxBytes else {
            state.droppedCount += 1
            return false
        }
        state.droppedCount = 0
        state.waiting += bytes
        defer { state.isWriting = true }
        return !state.isWriting
    }

    private func writeWaiting(to descriptor: Int32) {
        while true {
            let lines = state.withLock { state -> [UInt8] in
                if state.waiting.isEmpty { state.isWriting = false }
                defer { state.waiting = [] }
                return state.waiting
            }
            if lines.isEmpty { return }
            writeAll(lines, to: descriptor)
        }
    }
}

/// Whether a write ends at once; one that fails does so, too.
private func takesNow(_ descriptor: Int32) -> Bool {
    var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return waitFor(&polled, milliseconds: 0) == 1
}

private func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
    unsafe bytes.withUnsafeBytes { buffer in
        var rest = unsafe buffer[...]
        while unsafe !rest.isEmpty {
            let written = unsafe writeOnce(descriptor, UnsafeRawBufferPointer(rebasing: rest))
            if written >= 0 {
                unsafe rest = rest.dropFirst(written)
            } else if errno == EAGAIN {
                // Another program made the descriptor non-blocking, as terminals are sometimes left.
                var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = waitFor(&poll, milliseconds: 1000)
            } else if errno != EINTR {
                return
            }
        }
    }
}

private func writeOnce(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    unsafe write(descriptor, bytes.baseAddress, bytes.count)
}

private func waitFor(_ descriptor: inout pollfd, milliseconds: Int32) -> Int32 {
    unsafe poll(&descriptor, 1, milliseconds)
}
