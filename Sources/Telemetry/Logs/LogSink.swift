internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Where log lines go: a file descriptor, or in tests a function.
///
/// Lines are written one after the other, each whole, whatever thread they come from. Writing blocks while the reader of
/// a pipe is slow; a line that cannot be written is dropped, for there is nowhere left to say so.
package final class LogSink: Sendable {
    private let lock = Mutex(())
    private let write: @Sendable ([UInt8]) -> Void
    /// Whether a person is looking.
    package let isTerminal: Bool

    /// The process's standard output.
    package static let standardOutput = LogSink(descriptor: STDOUT_FILENO)
    /// The process's standard error.
    package static let standardError = LogSink(descriptor: STDERR_FILENO)

    /// A sink that hands each line to a function, one at a time.
    package init(write: @escaping @Sendable ([UInt8]) -> Void) {
        self.write = write
        self.isTerminal = false
    }

    private init(descriptor: Int32) {
        self.write = { line in Self.writeAll(line, to: descriptor) }
        self.isTerminal = isatty(descriptor) == 1
    }

    /// Writes one line.
    package func append(_ line: [UInt8]) {
        lock.withLock { _ in write(line) }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
        unsafe bytes.withUnsafeBytes { buffer in
            var rest = unsafe buffer[...]
            while unsafe !rest.isEmpty {
                let written = unsafe writeOnce(descriptor, UnsafeRawBufferPointer(rebasing: rest))
                if written >= 0 {
                    unsafe rest = rest.dropFirst(written)
                } else if errno == EAGAIN {
                    // Another program made the descriptor non-blocking, as terminals are sometimes left.
                    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = waitFor(&poll)
                } else if errno != EINTR {
                    return
                }
            }
        }
    }
}

private func writeOnce(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    unsafe write(descriptor, bytes.baseAddress, bytes.count)
}

private func waitFor(_ descriptor: inout pollfd) -> Int32 {
    unsafe poll(&descriptor, 1, 1000)
}
