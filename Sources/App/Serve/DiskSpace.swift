import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How much room a file system has.
struct DiskSpace: Hashable, Sendable {
    /// Bytes that an unprivileged process may still write.
    let free: Int64
    /// Bytes in all.
    let size: Int64

    /// The file system of a file, whose folder has to be there; nil where it does not say.
    static func ofFile(_ path: String) -> DiskSpace? {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        var figures = statvfs()
        guard unsafe statvfs(folder, &figures) == 0 else { return nil }
        let block = Int64(clamping: figures.f_frsize)
        return DiskSpace(
            free: Int64(clamping: figures.f_bavail) &* block,
            size: Int64(clamping: figures.f_blocks) &* block
        )
    }
}
