import Foundation

/// What `make soak` adds to a run when it is asked to; scripts/soak.sh says what each is.
struct SoakVariant: Sendable, Equatable {
    /// The commands a second of the service's `SEND_RATE`; nil for no limit.
    var rate: Int?
    /// Whether a third of the commands has no id.
    var isAnonymous = false
    /// Whether there is a proxy between the service and the broker.
    var hasProxy = false
    /// The library that sets the service's wall clock ahead; nil when the clock is left alone.
    var clockLibrary: String?
    /// A small file system for the service's store; nil when the store lies with everything else.
    var disk: URL?

    /// What an environment asks for.
    ///
    /// - Parameter environment: `SOAK_RATE` and the others, as scripts/soak.sh sets them; empty is as good as unset.
    init(_ environment: [String: String]) {
        func value(_ name: String) -> String? { environment["SOAK_" + name].flatMap { $0.isEmpty ? nil : $0 } }
        rate = value("RATE").flatMap { Int($0.prefix { $0 != "/" }) }
        isAnonymous = value("ANONYMOUS") != nil
        hasProxy = value("PROXY") != nil
        clockLibrary = value("CLOCK")
        disk = value("DISK").map { URL(filePath: $0, directoryHint: .isDirectory) }
    }

    /// How many commands a second are published, where so many would be without a rate.
    ///
    /// Half the rate leaves the other half for what is tried again, and for what a 429 has slowed down.
    func load(_ usual: Int) -> Int { rate.map { min(usual, max($0 / 2, 1)) } ?? usual }
}
