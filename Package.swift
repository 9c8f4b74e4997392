// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours: Swift 6 mode, the strict upcoming features, and warnings as errors (dependencies are untouched).
let houseTests: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
    .enableUpcomingFeature("InferIsolatedConformances"),  // SE-0470
    .treatAllWarnings(as: .error),
]

/// Sources are audited for memory safety besides (SE-0458); what `#expect` expands to is not ours to mark.
let house = houseTests + [.strictMemorySafety()]

extension Target.Dependency {
    static let argumentParser: Self = .product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient: Self = .product(name: "AsyncHTTPClient", package: "async-http-client")
    static let configuration: Self = .product(name: "Configuration", package: "swift-configuration")
    static let crypto: Self = .product(name: "Crypto", package: "swift-crypto")
    static let cryptoExtras: Self = .product(name: "CryptoExtras", package: "swift-crypto")
    static let deque: Self = .product(name: "DequeModule", package: "swift-collections")
    static let grdb: Self = .product(name: "GRDB", package: "GRDB.swift")
    static let grdbSQLite: Self = .product(name: "GRDBSQLite", package: "GRDB.swift")
    static let heap: Self = .product(name: "HeapModule", package: "swift-collections")
    static let httpTypes: Self = .product(name: "HTTPTypes", package: "swift-http-types")
    static let hummingbird: Self = .product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore: Self = .product(name: "HummingbirdCore", package: "hummingbird")
    static let jwtKit: Self = .product(name: "JWTKit", package: "jwt-kit")
    static let logging: Self = .product(name: "Logging", package: "swift-log")
    static let coreMetrics: Self = .product(name: "CoreMetrics", package: "swift-metrics")
    static let metrics: Self = .product(name: "Metrics", package: "swift-metrics")
    static let nioCore: Self = .product(name: "NIOCore", package: "swift-nio")
    static let nioHTTP1: Self = .product(name: "NIOHTTP1", package: "swift-nio")
    static let nioPosix: Self = .product(name: "NIOPosix", package: "swift-nio")
    static let serviceLifecycle: Self = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let structuredFields: Self = .product(
        name: "RawStructuredFieldValues",
        package: "swift-http-structured-headers"
    )
    static let unixSignals: Self = .product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let yams: Self = .product(name: "Yams", package: "Yams")
}

let package = Package(
    name: "sms-bridge",
    // For editors on a Mac; the service itself needs Linux (eventfd).
    platforms: [.macOS(.v15)],
    // Exact, so that a release is built from what was tested; docs/development.md says how they are raised.
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-structured-headers", exact: "1.7.0"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
    ],
    targets: [
        // Google's libphonenumber behind a few functions in C.
        .target(name: "CPhoneNumber", linkerSettings: [.linkedLibrary("phonenumber"), .linkedLibrary("protobuf")]),

        // What blocks has threads of its own.
        .target(name: "Threads", swiftSettings: house),

        // What is said.
        .target(name: "Contracts", dependencies: ["CPhoneNumber", .crypto], swiftSettings: house),
        .testTarget(
            name: "ContractsTests",
            dependencies: ["Contracts", "CPhoneNumber", "TestSupport"],
            swiftSettings: houseTests
        ),

        // What is decided.
        .target(name: "SMSCore", dependencies: ["Contracts"], swiftSettings: house),
        .testTarget(
            name: "SMSCoreTests",
            dependencies: ["SMSCore", "Contracts", "TestSupport"],
            swiftSettings: houseTests
        ),

        // How RabbitMQ is spoken.
        .systemLibrary(
            name: "CRabbitMQ",
            pkgConfig: "librabbitmq",
            providers: [.apt(["librabbitmq-dev", "libssl-dev"]), .brew(["rabbitmq-c"])]
        ),
        .target(
            name: "AMQP",
            dependencies: ["CRabbitMQ", "Threads", .deque, .logging, .serviceLifecycle],
            swiftSettings: house
        ),
        .testTarget(name: "AMQPTests", dependencies: ["AMQP", "TestSupport", .logging], swiftSettings: houseTests),

        // How Vonage is spoken.
        .target(
            name: "Vonage",
            dependencies: ["Contracts", "SMSCore", .asyncHTTPClient, .crypto, .jwtKit, .logging, .nioCore, .nioHTTP1],
            swiftSettings: house
        ),
        .testTarget(
            name: "VonageTests",
            dependencies: [
                "Contracts", "SMSCore", "Vonage", "VonageSimulator", .crypto, .cryptoExtras, .jwtKit, .logging,
                .nioCore,
                .nioPosix,
                .serviceLifecycle,
            ],
            swiftSettings: houseTests
        ),
        .target(
            name: "VonageSimulator",
            dependencies: [
                .asyncHTTPClient, .crypto, .deque, .heap, .jwtKit, .logging, .nioCore, .nioHTTP1, .nioPosix,
                .serviceLifecycle,
            ],
            exclude: ["Page/assets"],
            swiftSettings: house
        ),
        .testTarget(
            name: "VonageSimulatorTests",
            dependencies: [
                "VonageSimulator", .asyncHTTPClient, .crypto, .cryptoExtras, .jwtKit, .logging, .nioCore, .nioHTTP1,
                .serviceLifecycle,
            ],
            swiftSettings: houseTests
        ),

        // Where it is remembered.
        .target(name: "StoreSupport", dependencies: ["Contracts", "SMSCore", .crypto], swiftSettings: house),
        .target(
            name: "StoreSQLite",
            dependencies: ["Contracts", "SMSCore", "StoreSupport", .crypto, .grdb, .grdbSQLite],
            swiftSettings: house
        ),
        .testTarget(
            name: "StoreSQLiteTests",
            dependencies: ["StoreSQLite", "StoreSupport", "SMSCore", "Contracts", "TestSupport"],
            swiftSettings: houseTests
        ),
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .target(
            name: "StorePostgres",
            dependencies: ["CLibPQ", "Contracts", "SMSCore", "StoreSupport", "Threads", .deque],
            swiftSettings: house
        ),
        .testTarget(
            name: "StorePostgresTests",
            dependencies: ["StorePostgres", "StoreSupport", "SMSCore", "Contracts", "TestSupport"],
            swiftSettings: houseTests
        ),

        // What others see of it.
        .target(name: "Telemetry", dependencies: ["Contracts", .logging, .metrics], swiftSettings: house),
        .testTarget(
            name: "TelemetryTests",
            dependencies: ["Telemetry", "Contracts", "TestSupport", .logging, .metrics],
            swiftSettings: houseTests
        ),

        // What happens.
        .target(
            name: "Bridge",
            dependencies: ["Contracts", "SMSCore", .coreMetrics, .crypto, .logging, .metrics, .serviceLifecycle],
            swiftSettings: house
        ),
        .testTarget(
            name: "BridgeTests",
            dependencies: [
                "Bridge", "Contracts", "SMSCore", "StoreSQLite", "StoreSupport", "TestSupport", .logging,
                .serviceLifecycle,
            ],
            swiftSettings: houseTests
        ),

        // What is reached over HTTP.
        .target(
            name: "HTTPAPI",
            dependencies: [
                "Bridge", "Contracts", "SMSCore", .httpTypes, .hummingbird, .hummingbirdCore, .logging,
                .nioCore, .nioHTTP1, .serviceLifecycle, .structuredFields,
            ],
            // Served from the Swift files that scripts/embed-contracts.sh makes of it.
            exclude: ["Console/Page"],
            swiftSettings: house
        ),
        .testTarget(
            name: "HTTPAPITests",
            dependencies: [
                "HTTPAPI", "Bridge", "Contracts", "SMSCore", "TestSupport", .asyncHTTPClient, .hummingbird,
                .logging,
                .nioCore, .nioHTTP1, .nioPosix, .serviceLifecycle,
            ],
            swiftSettings: houseTests
        ),

        // The composition root, what the command line does beside serving, and the command line.
        .target(
            name: "App",
            dependencies: [
                "AMQP", "Bridge", "Contracts", "HTTPAPI", "SMSCore", "StorePostgres", "StoreSQLite", "StoreSupport",
                "Telemetry", "Vonage", "VonageSimulator", .asyncHTTPClient, .configuration, .coreMetrics, .deque,
                .logging, .metrics,
                .nioCore, .nioHTTP1, .serviceLifecycle, .unixSignals, .yams,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "AppTests",
            dependencies: [
                "App", "AMQP", "Bridge", "Contracts", "SMSCore", "Telemetry", "TestSupport", "Vonage",
                "VonageSimulator", .asyncHTTPClient, .cryptoExtras, .logging, .nioCore, .nioHTTP1, .nioPosix,
                .serviceLifecycle,
            ],
            swiftSettings: houseTests
        ),
        .target(
            name: "Tools",
            dependencies: [
                "App", "AMQP", "Bridge", "Contracts", "SMSCore", "StorePostgres", "StoreSQLite", "StoreSupport",
                "Vonage",
                .logging,
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "ToolsTests",
            dependencies: ["Tools", "App", "AMQP", "Bridge", "Contracts", "SMSCore", "StoreSupport", .logging],
            swiftSettings: houseTests
        ),
        .systemLibrary(name: "CMalloc"),
        .executableTarget(
            name: "sms-bridge",
            dependencies: [
                "App", "AMQP", "Bridge", "CMalloc", "Contracts", "SMSCore", "Tools", "VonageSimulator", .argumentParser,
                .logging, .serviceLifecycle, .unixSignals,
            ],
            swiftSettings: house
        ),

        // What only tests use.
        .target(
            name: "TestSupport",
            dependencies: ["Contracts", "SMSCore", .logging],
            path: "Tests/TestSupport",
            swiftSettings: houseTests
        ),
        .executableTarget(
            name: "bench",
            dependencies: [
                "AMQP", "Contracts", "SMSCore", "StoreSQLite", "StoreSupport", "Telemetry", "TestSupport",
                "VonageSimulator",
                .argumentParser, .logging,
            ],
            path: "Tests/Benchmarks",
            swiftSettings: houseTests
        ),
        .testTarget(name: "ArchitectureTests", swiftSettings: houseTests),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "App", "AMQP", "Bridge", "Contracts", "SMSCore", "TestSupport", "Tools", "VonageSimulator",
                "sms-bridge",
                .asyncHTTPClient,
                .logging,
                .nioCore, .nioHTTP1, .serviceLifecycle,
            ],
            swiftSettings: houseTests
        ),
    ],
    cxxLanguageStandard: .cxx17
)
