internal import CRabbitMQ

/// Tables between Swift and C.
enum TableCoding {
    /// Tables nested deeper than this are cut off; the broker sends none, a hostile peer might.
    private static let depthLimit = 32

    // MARK: Reading

    static func table(_ source: amqp_table_t, depth: Int = 0) -> AMQPTable {
        guard unsafe source.num_entries > 0, depth < depthLimit, let entries = unsafe source.entries else { return [:] }
        var table = AMQPTable(minimumCapacity: unsafe Int(source.num_entries))
        for index in unsafe 0..<Int(source.num_entries) {
            let entry = unsafe entries[index]
            unsafe table[text(entry.key)] = value(entry.value, depth: depth)
        }
        return table
    }

    /// Text that is meant to be UTF-8; what is not is repaired.
    static func text(_ source: amqp_bytes_t) -> String {
        guard let start = unsafe source.bytes else { return "" }
        return unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: source.len), as: UTF8.self)
    }

    private static func bytes(_ source: amqp_bytes_t) -> [UInt8] {
        guard let start = unsafe source.bytes else { return [] }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: source.len))
    }

    private static func value(_ source: amqp_field_value_t, depth: Int) -> AMQPValue {
        switch unsafe UInt32(source.kind) {
        case AMQP_FIELD_KIND_BOOLEAN.rawValue: return unsafe .bool(source.value.boolean != 0)
        case AMQP_FIELD_KIND_I8.rawValue: return unsafe .int(Int64(source.value.i8))
        case AMQP_FIELD_KIND_U8.rawValue: return unsafe .int(Int64(source.value.u8))
        case AMQP_FIELD_KIND_I16.rawValue: return unsafe .int(Int64(source.value.i16))
        case AMQP_FIELD_KIND_U16.rawValue: return unsafe .int(Int64(source.value.u16))
        case AMQP_FIELD_KIND_I32.rawValue: return unsafe .int(Int64(source.value.i32))
        case AMQP_FIELD_KIND_U32.rawValue: return unsafe .int(Int64(source.value.u32))
        case AMQP_FIELD_KIND_I64.rawValue: return unsafe .int(source.value.i64)
        case AMQP_FIELD_KIND_U64.rawValue:
            let number = unsafe source.value.u64
            return Int64(exactly: number).map(AMQPValue.int) ?? .unsigned(number)
        case AMQP_FIELD_KIND_F32.rawValue: return unsafe .double(Double(source.value.f32))
        case AMQP_FIELD_KIND_F64.rawValue: return unsafe .double(source.value.f64)
        case AMQP_FIELD_KIND_DECIMAL.rawValue:
            let decimal = unsafe source.value.decimal
            return .decimal(scale: decimal.decimals, digits: decimal.value)
        case AMQP_FIELD_KIND_UTF8.rawValue:
            let raw = unsafe bytes(source.value.bytes)
            return String(validating: raw, as: UTF8.self).map(AMQPValue.string) ?? .bytes(raw)
        case AMQP_FIELD_KIND_BYTES.rawValue: return unsafe .bytes(bytes(source.value.bytes))
        case AMQP_FIELD_KIND_TIMESTAMP.rawValue: return unsafe .timestamp(source.value.u64)
        case AMQP_FIELD_KIND_TABLE.rawValue: return unsafe .table(table(source.value.table, depth: depth + 1))
        case AMQP_FIELD_KIND_ARRAY.rawValue: return unsafe array(source.value.array, depth: depth + 1)
        default: return .null
        }
    }

    private static func array(_ source: amqp_array_t, depth: Int) -> AMQPValue {
        guard unsafe source.num_entries > 0, depth < depthLimit, let entries = unsafe source.entries else {
            return .array([])
        }
        return unsafe .array((0..<Int(source.num_entries)).map { unsafe value(entries[$0], depth: depth) })
    }

    // MARK: Writing

    /// A table in C, valid until the pool is recycled.
    ///
    /// Keys are sorted, so that equal tables are equal on the wire.
    static func encode(_ table: AMQPTable, in pool: MemoryPool) -> amqp_table_t {
        guard let entries = unsafe pool.allocate(table.count, of: amqp_table_entry_t.self) else {
            return unsafe amqp_empty_table
        }
        for (index, pair) in table.sorted(by: { $0.key < $1.key }).enumerated() {
            unsafe entries[index].key = unsafe pool.bytes(pair.key)
            unsafe entries[index].value = unsafe encode(pair.value, in: pool)
        }
        return unsafe amqp_table_t(num_entries: Int32(table.count), entries: entries)
    }

    private static func encode(_ value: AMQPValue, in pool: MemoryPool) -> amqp_field_value_t {
        var field = unsafe amqp_field_value_t()
        var kind = AMQP_FIELD_KIND_VOID
        switch value {
        case .bool(let flag):
            kind = AMQP_FIELD_KIND_BOOLEAN
            unsafe field.value.boolean = flag ? 1 : 0
        case .int(let number):
            kind = AMQP_FIELD_KIND_I64
            unsafe field.value.i64 = number
        case .unsigned(let number):
            kind = AMQP_FIELD_KIND_U64
            unsafe field.value.u64 = number
        case .double(let number):
            kind = AMQP_FIELD_KIND_F64
            unsafe field.value.f64 = number
        case .decimal(let scale, let digits):
            kind = AMQP_FIELD_KIND_DECIMAL
            unsafe field.value.decimal = amqp_decimal_t(decimals: scale, value: digits)
        case .string(let text):
            kind = AMQP_FIELD_KIND_UTF8
            unsafe field.value.bytes = pool.bytes(text)
        case .bytes(let raw):
            kind = AMQP_FIELD_KIND_BYTES
            unsafe field.value.bytes = pool.bytes(raw)
        case .timestamp(let seconds):
            kind = AMQP_FIELD_KIND_TIMESTAMP
            unsafe field.value.u64 = seconds
        case .array(let values):
            kind = AMQP_FIELD_KIND_ARRAY
            unsafe field.value.array = encode(values, in: pool)
        case .table(let table):
            kind = AMQP_FIELD_KIND_TABLE
            unsafe field.value.table = encode(table, in: pool)
        case .null: break
        }
        unsafe field.kind = UInt8(kind.rawValue)
        return unsafe field
    }

    private static func encode(_ values: [AMQPValue], in pool: MemoryPool) -> amqp_array_t {
        guard let fields = unsafe pool.allocate(values.count, of: amqp_field_value_t.self) else {
            return unsafe amqp_array_t(num_entries: 0, entries: nil)
        }
        for (index, value) in values.enumerated() { unsafe fields[index] = encode(value, in: pool) }
        return unsafe amqp_array_t(num_entries: Int32(values.count), entries: fields)
    }
}
