import Glibc

extension FreePort {
    /// A port that stays free while its owner is dead: below the range from which the system gives ports to connections.
    ///
    /// - Throws: `None` when none was found.
    static func lasting() throws -> UInt16 {
        for _ in 0..<100 {
            let port = UInt16.random(in: 10_000..<20_000)
            if canBind(port) { return port }
        }
        throw None()
    }

    private static func canBind(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return withLoopback(port) { bind(descriptor, $0, $1) == 0 }
    }

    /// Runs a body with the address of a port on loopback, and the address's length.
    static func withLoopback(_ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                body(generic, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
