/// Bytes from the socket that were not decoded yet.
///
/// Belongs to one thread.
@safe
final class InputBuffer {
    /// Room for many small frames, and for half of a large one.
    static let capacity = 64 * 1024

    private let bytes: UnsafeMutableRawPointer
    private var start = 0
    private var end = 0

    init() {
        unsafe bytes = .allocate(byteCount: Self.capacity, alignment: 16)
    }

    deinit { unsafe bytes.deallocate() }

    /// Whether everything was decoded.
    var isEmpty: Bool { start == end }

    /// What is to be decoded next; valid until the buffer is filled again.
    @unsafe
    var unread: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: bytes + start, count: end - start)
    }

    /// Bytes at the front were decoded.
    func take(_ count: Int) {
        start += min(max(0, count), end - start)
    }

    /// All of an empty buffer's memory, to be filled from the front.
    @unsafe
    var room: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: bytes, count: Self.capacity)
    }

    /// Bytes were read into an empty buffer's memory.
    func filled(_ count: Int) {
        start = 0
        end = min(max(0, count), Self.capacity)
    }
}
