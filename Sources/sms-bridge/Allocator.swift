import CMalloc

/// The C library's allocator, which all of Swift's memory comes from.
enum Allocator {
    /// Bytes from which on a block is given back to the system as soon as it is free.
    private static let largeBlock: Int32 = 256 * 1024

    /// Keeps the memory of large blocks, such as a campaign's body of 16 MiB, from staying with the process.
    ///
    /// Left to itself glibc takes the size of the largest block that was freed so far, up to 32 MiB, as its limit, and then
    /// keeps up to twice as much in each of its arenas (mallopt(3), `M_MMAP_THRESHOLD`). To be called before there are other
    /// threads.
    static func returnLargeBlocks() {
        // It cannot fail with a size as small as this one.
        _ = mallopt(M_MMAP_THRESHOLD, largeBlock)
    }
}
