internal import CRabbitMQ

/// Tables between Swift and C.
enum TableCoding {
    /// Tables nested deeper than this are cut off; the broker sends none, a hostile peer might.
    private static let depthLimit = 32

    // MARK: From the library

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

    // MARK: For the library

    /// Gives a table to the library as its own kind, for the one call that wants it so.
    ///
    /// `body`: must not keep the table.
    static func withTable<Result>(_ table: AMQPTable, _ body: (inout amqp_table_t) -> Result) -> Result {
        var buffer = WireBuffer()
        buffer.put(table)
        var pool = unsafe amqp_pool_t()
        unsafe init_amqp_pool(&pool, 4096)
        defer { unsafe empty_amqp_pool(&pool) }
        return buffer.withUnwritten { span in
            unsafe span.withUnsafeBytes { bytes in
                // The library only reads what the pointer shows.
                let encoded = unsafe amqp_bytes_t(
                    len: bytes.count,
                    bytes: UnsafeMutableRawPointer(mutating: bytes.baseAddress)
                )
                var decoded = unsafe amqp_table_t()
                var offset = 0
                if unsafe amqp_decode_table(encoded, &pool, &decoded, &offset) != AMQP_STATUS_OK.rawValue {
                    unsafe decoded = amqp_empty_table
                }
                return unsafe body(&decoded)
            }
        }
    }
}
