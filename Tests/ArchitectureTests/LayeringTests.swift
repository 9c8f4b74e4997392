import Testing

/// Which rooms a room may look into (docs/architecture.md).
///
/// SwiftPM does not see an undeclared import of a system
/// library, nor one within a target, so the import lines themselves are read.
@Suite("The layering")
struct LayeringTests {
    /// Our own modules, and for each what it may import of them.
    private static let allowed: [String: Set<String>] = [
        "CRabbitMQ": [],
        "CLibPQ": [],
        "CMalloc": [],
        "CPhoneNumber": [],
        "Contracts": ["CPhoneNumber"],
        "SMSCore": ["Contracts"],
        "Threads": [],
        "AMQP": ["CRabbitMQ", "Threads"],
        "Vonage": ["Contracts", "SMSCore"],
        "VonageSimulator": [],
        "Telemetry": ["Contracts"],
        "StoreSupport": ["Contracts", "SMSCore"],
        "StoreSQLite": ["Contracts", "SMSCore", "StoreSupport"],
        "StorePostgres": ["Contracts", "SMSCore", "StoreSupport", "Threads", "CLibPQ"],
        "Bridge": ["Contracts", "SMSCore"],
        "HTTPAPI": ["Contracts", "SMSCore", "Bridge", "Telemetry"],
        "App": [
            "Contracts", "SMSCore", "AMQP", "Vonage", "VonageSimulator", "StoreSQLite", "StorePostgres", "StoreSupport",
            "Telemetry", "Bridge", "HTTPAPI",
        ],
        "Tools": [
            "Contracts", "SMSCore", "AMQP", "Vonage", "StoreSQLite", "StorePostgres", "StoreSupport", "Bridge", "App",
        ],
        "sms-bridge": ["CMalloc", "Contracts", "SMSCore", "AMQP", "Bridge", "App", "Tools", "VonageSimulator"],
    ]

    /// Rooms, or folders of one, that get along without Foundation.
    private static let withoutFoundation = [
        "Sources/SMSCore/", "Sources/AMQP/", "Sources/Telemetry/", "Sources/Bridge/",
    ]

    private static func violations(_ isViolation: (SourceTree.File, String) -> Bool) throws -> [String] {
        try SourceTree.files(in: "Sources").flatMap { file in
            file.imports.filter { isViolation(file, $0) }.map { "\(file) imports \($0)" }
        }
    }

    @Test("has a row for every room")
    func everyRoomIsKnown() throws {
        let rooms = Set(try SourceTree.files(in: "Sources").map(\.target))
        #expect(rooms.contains("Contracts"))
        #expect(rooms.subtracting(Self.allowed.keys) == [])
    }

    @Test("lets imports run only downward")
    func imports() throws {
        let violations = try Self.violations { file, module in
            Self.allowed[module] != nil && module != file.target && Self.allowed[file.target]?.contains(module) != true
        }
        #expect(violations == [])
    }

    @Test("is itself free of circles")
    func noCircles() {
        var settled: Set<String> = []
        var rest = Self.allowed
        while let (room, _) = rest.first(where: { $0.value.isSubset(of: settled) }) {
            settled.insert(room)
            rest[room] = nil
        }
        #expect(rest.keys.sorted() == [])
    }

    @Test("lets the C library be spoken to in one folder only")
    func onlyTheDriverSpeaksC() throws {
        let violations = try Self.violations { file, module in
            module == "CRabbitMQ" && !file.path.hasPrefix("Sources/AMQP/Driver/")
        }
        #expect(violations == [])
    }

    @Test("keeps Foundation out of the rooms that are pure or fast")
    func foundation() throws {
        let violations = try Self.violations { file, module in
            ["Foundation", "FoundationEssentials", "FoundationNetworking"].contains(module)
                && Self.withoutFoundation.contains { file.path.hasPrefix($0) }
        }
        #expect(violations == [])
    }

    @Test("lets only App read the configuration")
    func configuration() throws {
        let violations = try Self.violations { file, module in module == "Configuration" && file.target != "App" }
        let readers = try SourceTree.files(in: "Sources").filter { file in
            file.target != "App" && file.lines.contains { $0.contains("ProcessInfo.processInfo.environment") }
        }
        #expect(violations == [])
        #expect(readers.map(\.path) == [])
    }

    @Test("lets no library of tests into the sources")
    func testLibraries() throws {
        let violations = try Self.violations { _, module in ["Testing", "XCTest", "TestSupport"].contains(module) }
        #expect(violations == [])
    }
}
