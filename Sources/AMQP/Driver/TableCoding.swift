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

    /// Text that is meant to be UTF-8; bytes that are not are escaped, so that they can be written again.
    static func text(_ source: amqp_bytes_t) -> String {
        guard let start = unsafe source.bytes else { return "" }
        return unsafe WireText.text(of: UnsafeRawBufferPointer(start: start, count: source.len))
    }

    private static func bytes(_ source: amqp_bytes_t) -> [UInt8] {
        guard let start = unsafe source.bytes else { return [] }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: source.len))
    }

    private static func value(_ source: amqp_field_value_t, depth: Int) -> AMQPValue {
        switch unsafe UInt32(source.kind) {
        case AMQP_FIELD_KIND_BOOLEAN.rawValue: return unsafe .bool(source.value.boolean != 0)
        case AMQP_FIELD_KIND_I8.rawValue: return unsafe .narrow(Int64(source.value.i8), .int8)
        case AMQP_FIELD_KIND_U8.rawValue: return unsafe .narrow(Int64(source.value.u8), .uint8)
        case AMQP_FIELD_KIND_I16.rawValue: return unsafe .narrow(Int64(source.value.i16), .int16)
        case AMQP_FIELD_KIND_U16.rawValue: return unsafe .narrow(Int64(source.value.u16), .uint16)
        case AMQP_FIELD_KIND_I32.rawValue: return unsafe .narrow(Int64(source.value.i32), .int32)
        case AMQP_FIELD_KIND_U32.rawValue: return unsafe .narrow(Int64(source.value.u32), .uint32)
        case AMQP_FIELD_KIND_I64.rawValue: return unsafe .int(source.value.i64)
        case AMQP_FIELD_KIND_U64.rawValue: return unsafe .unsigned(source.value.u64)
        case AMQP_FIELD_KIND_F32.rawValue: return unsafe .float(source.value.f32)
        case AMQP_FIELD_KIND_F64.rawValue: return unsafe .double(source.value.f64)
        case AMQP_FIELD_KIND_DECIMAL.rawValue:
            let decimal = unsafe source.value.decimal
            return .decimal(scale: decimal.decimals, digits: decimal.value)
        case AMQP_FIELD_KIND_UTF8.rawValue: return unsafe .string(text(source.value.bytes))
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
        case .narrow(let number, let width):
            kind = unsafe set(number, width, in: &field)
        case .unsigned(let number):
            kind = AMQP_FIELD_KIND_U64
            unsafe field.value.u64 = number
        case .float(let number):
            kind = AMQP_FIELD_KIND_F32
            unsafe field.value.f32 = number
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

    /// Sets an integer of fewer than 64 bits.
    ///
    /// `AMQPTable.problem` has seen to it that it fits.
    ///
    /// - Returns: its kind.
    private static func set(
        _ number: Int64,
        _ width: AMQPIntegerWidth,
        in field: inout amqp_field_value_t
    ) -> amqp_field_value_kind_t {
        switch width {
        case .int8:
            unsafe field.value.i8 = Int8(truncatingIfNeeded: number)
            return AMQP_FIELD_KIND_I8
        case .uint8:
            unsafe field.value.u8 = UInt8(truncatingIfNeeded: number)
            return AMQP_FIELD_KIND_U8
        case .int16:
            unsafe field.value.i16 = Int16(truncatingIfNeeded: number)
            return AMQP_FIELD_KIND_I16
        case .uint16:
            unsafe field.value.u16 = UInt16(truncatingIfNeeded: number)
            return AMQP_FIELD_KIND_U16
        case .int32:
            unsafe field.value.i32 = Int32(truncatingIfNeeded: number)
            return AMQP_FIELD_KIND_I32
        case .uint32:
            unsafe field.value.u32 = UInt32(truncatingIfNeeded: number)
            return AMQP_FIELD_KIND_U32
        }
    }

    private static func encode(_ values: [AMQPValue], in pool: MemoryPool) -> amqp_array_t {
        guard let fields = unsafe pool.allocate(values.count, of: amqp_field_value_t.self) else {
            return unsafe amqp_array_t(num_entries: 0, entries: nil)
        }
        for (index, value) in values.enumerated() { unsafe fields[index] = encode(value, in: pool) }
        return unsafe amqp_array_t(num_entries: Int32(values.count), entries: fields)
    }
}
