/// Text as it stands on the wire, where a peer can send bytes that are not UTF-8.
///
/// Such bytes are carried inside a `String` by an escape, in the spirit of Python's `surrogateescape`: a byte from 0x80
/// on that is not part of valid UTF-8 becomes the scalar U+10FE00 plus the byte, from the end of the last private-use
/// plane. A scalar of that range that really came over the wire is escaped byte by byte, so that what came can be written
/// again, byte for byte.
enum WireText {
    private static let escapeBase: UInt32 = 0x10_FE00
    private static let escapes: ClosedRange<UInt32> = 0x10_FE80...0x10_FEFF
    /// The first byte, in UTF-8, of every scalar of the escapes' plane; other text is ruled out by it quickly.
    private static let escapeLead: UInt8 = 0xF4
    /// Bytes that an escape takes in UTF-8, where it stands for one.
    private static let escapeWidth = 4

    /// The text that stands for bytes from the wire.
    static func text(of bytes: some Collection<UInt8>) -> String {
        if let text = String(validating: bytes, as: UTF8.self), !holdsEscapes(text) { return text }
        return escaped(Array(bytes))
    }

    /// The bytes that a text stands for.
    static func bytes(of text: String) -> [UInt8] {
        guard holdsEscapes(text) else { return Array(text.utf8) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if isEscape(scalar) {
                bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                bytes.append(contentsOf: scalar.utf8)
            }
        }
        return bytes
    }

    /// How many bytes a text takes on the wire.
    static func count(of text: String) -> Int {
        let count = text.utf8.count
        guard holdsEscapes(text) else { return count }
        return text.unicodeScalars.reduce(count) { $0 - (isEscape($1) ? escapeWidth - 1 : 0) }
    }

    /// Whether the text differs on the wire from what it is in UTF-8.
    static func holdsEscapes(_ text: String) -> Bool {
        text.utf8.contains(escapeLead) && text.unicodeScalars.contains { isEscape($0) }
    }

    private static func isEscape(_ scalar: Unicode.Scalar) -> Bool { escapes.contains(scalar.value) }

    private static func escaped(_ bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        var parser = Unicode.UTF8.ForwardParser()
        var input = bytes.makeIterator()
        var index = 0
        while true {
            switch parser.parseScalar(from: &input) {
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                if isEscape(scalar) {
                    for byte in encoded { text.append(escape(byte)) }
                } else {
                    text.append(scalar)
                }
                index += encoded.count
            case .error(let length):
                let end = min(index + length, bytes.count)
                for byte in bytes[index..<end] { text.append(escape(byte)) }
                index = end
            case .emptyInput: return String(text)
            }
        }
    }

    private static func escape(_ byte: UInt8) -> Unicode.Scalar {
        // What is below is ASCII, which is never invalid.
        guard byte >= 0x80 else { return Unicode.Scalar(byte) }
        return Unicode.Scalar(escapeBase + UInt32(byte)) ?? "\u{FFFD}"
    }
}
