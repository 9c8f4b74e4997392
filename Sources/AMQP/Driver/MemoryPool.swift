internal import CRabbitMQ

/// Memory for the C structures of one call: librabbitmq's own pool, emptied after each call.
///
/// What is handed out is valid until `recycle`. Belongs to one thread.
@safe
final class MemoryPool {
    private let pool: UnsafeMutablePointer<amqp_pool_t>

    init() {
        unsafe pool = .allocate(capacity: 1)
        unsafe pool.initialize(to: amqp_pool_t())
        unsafe init_amqp_pool(pool, 16 * 1024)
    }

    deinit {
        unsafe empty_amqp_pool(pool)
        unsafe pool.deallocate()
    }

    /// Takes everything back.
    func recycle() {
        unsafe recycle_amqp_pool(pool)
    }

    /// Room for `count` values, uninitialised; nil for none, or when there is no memory.
    @unsafe
    func allocate<Value>(_ count: Int, of _: Value.Type) -> UnsafeMutablePointer<Value>? {
        guard count > 0 else { return nil }
        return unsafe amqp_pool_alloc(pool, count * MemoryLayout<Value>.stride)?
            .bindMemory(to: Value.self, capacity: count)
    }

    /// A copy of a text, as it stands on the wire.
    @unsafe
    func bytes(_ text: String) -> amqp_bytes_t {
        if WireText.holdsEscapes(text) { return unsafe bytes(WireText.bytes(of: text)) }
        var text = text
        return text.withUTF8 { utf8 in unsafe copy(UnsafeRawBufferPointer(utf8)) }
    }

    /// A copy of bytes.
    @unsafe
    func bytes(_ bytes: [UInt8]) -> amqp_bytes_t {
        unsafe bytes.withUnsafeBytes { unsafe copy($0) }
    }

    private func copy(_ source: UnsafeRawBufferPointer) -> amqp_bytes_t {
        guard let target = unsafe allocate(source.count, of: UInt8.self) else { return unsafe amqp_empty_bytes }
        unsafe UnsafeMutableRawBufferPointer(start: target, count: source.count).copyMemory(from: source)
        return unsafe amqp_bytes_t(len: source.count, bytes: target)
    }
}
