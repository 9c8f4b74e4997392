#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

extension ProcessFigures {
    /// The figures of this process now; nil where there is no `/proc`.
    package static func read() -> ProcessFigures? {
        guard let stat = contents(of: "/proc/self/stat"), let systemStat = contents(of: "/proc/stat") else {
            return nil
        }
        return ProcessFigures(
            stat: stat,
            systemStat: systemStat,
            limits: contents(of: "/proc/self/limits") ?? "",
            openDescriptors: openDescriptorCount(),
            ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)),
            pageBytes: sysconf(Int32(_SC_PAGESIZE))
        )
    }

    private static func contents(of path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 8192)
        while true {
            let count = readSome(descriptor, &chunk)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }

    /// The entries of `/proc/self/fd`, without the one that the reading itself opens.
    private static func openDescriptorCount() -> Int? {
        guard let directory = unsafe opendir("/proc/self/fd") else { return nil }
        defer { unsafe closedir(directory) }
        var count = 0
        while let entry = unsafe readdir(directory) {
            // The names are "." and ".." and numbers.
            if unsafe entry.pointee.d_name.0 != CChar(UInt8(ascii: ".")) { count += 1 }
        }
        return max(0, count - 1)
    }
}

/// `read`, which inside the extension would be the function above.
private func readSome(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
    unsafe read(descriptor, &buffer, buffer.count)
}
