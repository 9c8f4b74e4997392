import Foundation
import Glibc

/// A small file system, which can be full.
struct SoakDisk: Sendable {
    /// What it was that could not be done, and the system's reason.
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ what: String) { description = "\(what): error \(errno)" }
    }

    /// Where it is mounted.
    let folder: URL

    private var filler: String { folder.appending(path: "filler").path }

    /// Takes all the room that is left, and all that becomes free, for a while; then gives it back.
    ///
    /// - Parameter pause: for how long.
    /// - Throws: `Failure` when it could not be filled; the room is given back all the same.
    func fill(for pause: Duration) async throws {
        let descriptor = open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure("the filler cannot be opened") }
        defer {
            unlink(filler)
            // Only now the room is free.
            close(descriptor)
        }
        let block = [UInt8](repeating: 0, count: 1 << 20)
        let end = ContinuousClock.now + pause
        repeat {
            // The last write takes what room there is for a part of the block, and the next one finds none.
            while write(descriptor, block, block.count) > 0 {}
            guard errno == ENOSPC else { throw Failure("the filler cannot be written") }
            try await Task.sleep(for: .milliseconds(50))
        } while ContinuousClock.now < end
    }
}
