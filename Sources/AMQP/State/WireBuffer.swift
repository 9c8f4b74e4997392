/// Bytes on their way to the broker: frames are appended whole, and what the kernel has taken leaves at the front.
///
/// It bounds nothing by itself: its user stops at `gatherLimit` and begins again when it is empty, so that it never
/// holds more than that and one message.
struct WireBuffer {
    /// No message is begun once so many bytes wait to be written.
    static let gatherLimit = 256 * 1024
    /// The memory that is kept while nothing waits; what one large message took is given back.
    private static let keptBytes = 2 * gatherLimit

    private var bytes: [UInt8] = []
    /// Bytes at the front that are written already.
    private var written = 0

    /// Bytes that wait to be written.
    var count: Int { bytes.count - written }

    /// Whether nothing waits.
    var isEmpty: Bool { written == bytes.count }

    /// Shows what waits; the first byte is the next to be written.
    func withUnwritten<Result>(_ body: (RawSpan) -> Result) -> Result {
        body(unsafe bytes.span.bytes.extracting(droppingFirst: written))
    }

    /// The kernel has taken bytes from the front.
    mutating func take(_ count: Int) {
        written += min(max(0, count), self.count)
        guard isEmpty else { return }
        written = 0
        bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptBytes)
    }

    /// Takes back what was appended last.
    mutating func dropLast(_ count: Int) {
        bytes.removeLast(min(max(0, count), self.count))
    }
}

extension WireBuffer {
    /// A byte.
    mutating func put(_ byte: UInt8) {
        bytes.append(byte)
    }

    /// A number, most significant byte first.
    mutating func put(_ number: some FixedWidthInteger & UnsignedInteger) {
        var shift = number.bitWidth
        while shift > 0 {
            shift -= 8
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    /// Flags, the first in the lowest bit.
    mutating func put(bits flags: Bool...) {
        var byte: UInt8 = 0
        for (place, flag) in flags.enumerated() where flag { byte |= 1 << place }
        bytes.append(byte)
    }

    /// Bytes as they are.
    mutating func put(contentsOf source: some Sequence<UInt8>) {
        bytes.append(contentsOf: source)
    }

    /// Text as it stands on the wire, without its length.
    mutating func put(contentsOf text: String) {
        if WireText.holdsEscapes(text) {
            bytes.append(contentsOf: WireText.bytes(of: text))
        } else {
            bytes.append(contentsOf: text.utf8)
        }
    }

    /// Text with its length in one byte.
    ///
    /// Names are checked before they come here; one that is too long all the same is cut, so that the frame stays one.
    mutating func put(short text: String) {
        let place = bytes.count
        bytes.append(0)
        put(contentsOf: text)
        let surplus = bytes.count - place - 1 - AMQPLimits.shortStringMaxBytes
        if surplus > 0 { bytes.removeLast(surplus) }
        bytes[place] = UInt8(bytes.count - place - 1)
    }

    /// What `body` appends, with its length in four bytes before it.
    mutating func putCounted(_ body: (inout WireBuffer) -> Void) {
        let place = bytes.count
        put(UInt32(0))
        body(&self)
        let count = UInt32(truncatingIfNeeded: bytes.count - place - 4)
        for offset in 0..<4 { bytes[place + offset] = UInt8(truncatingIfNeeded: count >> (24 - 8 * offset)) }
    }

    /// A frame: type, channel, size, what `payload` appends, and the end mark.
    mutating func putFrame(_ kind: WireFrameKind, on channel: UInt16, _ payload: (inout WireBuffer) -> Void) {
        put(kind.rawValue)
        put(channel)
        putCounted(payload)
        put(0xCE as UInt8)
    }
}

/// The kinds of frame (AMQP 0-9-1, section 4.2.3).
enum WireFrameKind: UInt8 {
    case method = 1
    case header = 2
    case body = 3
    case heartbeat = 8
}
