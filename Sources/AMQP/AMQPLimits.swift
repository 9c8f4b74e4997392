/// Limits that AMQP 0-9-1 itself sets, checked before anything is written.
///
/// A field that cannot be encoded would be noticed by the library in the middle of a message, which closes the
/// connection.
enum AMQPLimits {
    /// Names, routing keys and most properties are "short strings".
    static let shortStringMaxBytes = 255
    /// The largest frame asked for at login, in bytes; the broker may lower it.
    static let frameMaxBytes = 131_072
    /// The smallest frame limit that AMQP allows, in bytes (section 4.2.3: FRAME_MIN_SIZE).
    static let frameMinMaxBytes = 4096
    /// No delivery larger than this is assembled, in bytes (RabbitMQ's own limit before 4.0 is 128 MiB).
    static let deliveryMaxBytes = 512 * 1024 * 1024

    /// What keeps a broker's frame limit from being used, or nil.
    static func problem(frameMaxBytes: Int) -> String? {
        guard frameMaxBytes < frameMinMaxBytes else { return nil }
        return "the broker's frame_max is \(frameMaxBytes) bytes, and AMQP asks for \(frameMinMaxBytes) at least"
    }

    /// Throws `invalidArgument` when a short string is too long.
    static func check(_ text: String, as what: String) throws {
        if WireText.count(of: text) > shortStringMaxBytes {
            throw AMQPError(.invalidArgument, "\(what) is longer than 255 bytes")
        }
    }
}
