import Foundation
import Glibc
import Synchronization

/// Stands between the service and its broker, and can lose what goes in one direction of a connection.
///
/// Two threads that block for each connection: a direction that stands still holds up nothing but itself.
final class SoakProxy: Sendable {
    /// Which way bytes go.
    enum Direction: Sendable, Equatable {
        case toBroker
        case fromBroker
    }

    /// Where the service connects to.
    let port: UInt16
    private let brokerPort: UInt16
    private let listener: Int32
    private let connections = Mutex<[SoakProxyConnection]>([])

    /// Listens on loopback.
    ///
    /// - Parameter brokerPort: the broker's port on loopback, which no process has to listen on yet.
    /// - Throws: `FreePort.None` when there is no port to listen on.
    init(brokerPort: UInt16) throws {
        let port = try FreePort.lasting()
        let listener = SoakProxyConnection.socket()
        let isListening = FreePort.withLoopback(port) { bind(listener, $0, $1) == 0 }
        guard listener >= 0, isListening, listen(listener, 64) == 0 else {
            if listener >= 0 { close(listener) }
            throw FreePort.None()
        }
        self.port = port
        self.brokerPort = brokerPort
        self.listener = listener
        Thread.detachNewThread { self.takeConnections() }
    }

    /// Takes no more connections, and closes those that there are.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        for connection in connections.withLock({ $0 }) { connection.end() }
    }

    /// Loses what goes one way over one of the connections, for a while, then closes it.
    ///
    /// - Parameters:
    ///   - direction: which way.
    ///   - pause: for how long.
    ///   - choice: chooses the connection.
    /// - Returns: whether there was a connection.
    func lose(_ direction: Direction, for pause: Duration, choice: Int) async -> Bool {
        let chosen = connections.withLock { connections -> SoakProxyConnection? in
            connections.removeAll { $0.isOver }
            return connections.isEmpty ? nil : connections[choice % connections.count]
        }
        guard let chosen else { return false }
        chosen.lose(direction)
        try? await Task.sleep(for: pause)
        chosen.end()
        return true
    }

    private func takeConnections() {
        while true {
            let client = accept(listener, nil, nil)
            // The one way for this to fail is that the proxy is stopped.
            guard client >= 0 else { break }
            let broker = SoakProxyConnection.socket()
            let isConnected = FreePort.withLoopback(brokerPort) { connect(broker, $0, $1) == 0 }
            guard broker >= 0, isConnected else {
                // What a client sees whose broker is away, but for the moment at which it sees it.
                if broker >= 0 { close(broker) }
                close(client)
                continue
            }
            let connection = SoakProxyConnection(client: client, broker: broker)
            connections.withLock { connections in
                connections.removeAll { $0.isOver }
                connections.append(connection)
            }
            Thread.detachNewThread { connection.pump(.toBroker) }
            Thread.detachNewThread { connection.pump(.fromBroker) }
        }
        close(listener)
    }
}

/// One connection through the proxy: the service's half and the broker's.
private final class SoakProxyConnection: Sendable {
    private struct State {
        var lost: SoakProxy.Direction?
        var pumps = 2
    }

    private let client: Int32
    private let broker: Int32
    private let state = Mutex(State())

    init(client: Int32, broker: Int32) {
        self.client = client
        self.broker = broker
        // A process that is started meanwhile must not hold the connection open.
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
    }

    /// Whether both halves are closed.
    var isOver: Bool { state.withLock { $0.pumps == 0 } }

    /// From now on nothing that goes this way arrives, and its sender does not notice.
    func lose(_ direction: SoakProxy.Direction) { state.withLock { $0.lost = direction } }

    /// Has both pumps end.
    func end() {
        state.withLock { state in
            // Once both pumps are gone the numbers may belong to another connection.
            guard state.pumps > 0 else { return }
            shutdown(client, Int32(SHUT_RDWR))
            shutdown(broker, Int32(SHUT_RDWR))
        }
    }

    /// Carries what goes one way, until either half ends.
    func pump(_ direction: SoakProxy.Direction) {
        let (source, target) = direction == .toBroker ? (client, broker) : (broker, client)
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &bytes, bytes.count, 0)
            guard count > 0 else { break }
            if state.withLock({ $0.lost == direction }) { continue }
            guard Self.send(bytes[..<count], to: target) else { break }
        }
        end()
        state.withLock { state in
            state.pumps -= 1
            guard state.pumps == 0 else { return }
            close(client)
            close(broker)
        }
    }

    private static func send(_ bytes: ArraySlice<UInt8>, to target: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let count = Glibc.send(target, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }

    /// A socket that no process that is started later inherits; negative when there is none.
    static func socket() -> Int32 {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        return descriptor
    }
}
