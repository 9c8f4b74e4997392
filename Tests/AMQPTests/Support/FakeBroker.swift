import Foundation
import Glibc
import Synchronization

/// A port on loopback that accepts every login and then sends what a test wants: for what no real broker does on
/// request.
final class FakeBroker: Sendable {
    /// One frame from the client; a method's ids are 0 for content.
    struct Frame: Sendable, Equatable {
        var type: UInt8 = 1
        let channel: UInt16
        var classID: UInt16 = 0
        var methodID: UInt16 = 0
    }

    let port: UInt16
    private let descriptor: Int32
    private let frameMax: UInt32
    private let answer: @Sendable (Frame) -> [UInt8]
    private let seen = Mutex<[Frame]>([])
    private let beats = Mutex(0)

    /// Every frame that came after a login, heartbeats aside.
    var frames: [Frame] { seen.withLock { $0 } }

    /// Heartbeats that came.
    var heartbeats: Int { beats.withLock { $0 } }

    /// Listens on a free port; nil when the system gives none.
    ///
    /// - Parameters:
    ///   - frameMax: the largest frame offered at login.
    ///   - answer: the bytes that answer a frame; none by default.
    init?(frameMax: UInt32 = 131_072, answer: @escaping @Sendable (Frame) -> [UInt8] = { _ in [] }) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard isListening else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        self.frameMax = frameMax
        self.answer = answer
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { self.takeConnections() }
    }

    /// Takes no more connections; those that stand are left to their clients.
    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// A method as it stands on the wire.
    static func method(_ channel: UInt16, _ classID: UInt16, _ id: UInt16, _ arguments: [UInt8] = []) -> [UInt8] {
        let payload: [UInt8] = bytes(classID) + bytes(id) + arguments
        var frame: [UInt8] = [1]
        frame += bytes(channel)
        frame += bytes(UInt32(payload.count))
        frame += payload
        frame.append(0xCE)
        return frame
    }

    /// What a broker answers to the first and last requests of a connection.
    static func usualAnswer(to frame: Frame) -> [UInt8] {
        switch (frame.classID, frame.methodID) {
        case (20, 10): method(frame.channel, 20, 11, [0, 0, 0, 0])
        case (20, 40): method(frame.channel, 20, 41)
        case (50, 10): method(frame.channel, 50, 11, [1, UInt8(ascii: "q"), 0, 0, 0, 0, 0, 0, 0, 0])
        case (85, 10): method(frame.channel, 85, 11)
        default: []
        }
    }

    private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    private func takeConnections() {
        while true {
            let client = accept(descriptor, nil, nil)
            guard client >= 0 else { return }
            Thread.detachNewThread { self.serve(client) }
        }
    }

    private func serve(_ client: Int32) {
        defer { close(client) }
        guard take(8, from: client) != nil else { return }
        // Version 0-9, no properties, and the one mechanism and locale there are.
        var offer: [UInt8] = [0, 9, 0, 0, 0, 0, 0, 0, 0, 5]
        offer += Array("PLAIN".utf8)
        offer += [0, 0, 0, 5]
        offer += Array("en_US".utf8)
        send(Self.method(0, 10, 10, offer), to: client)
        while let frame = takeFrame(from: client) {
            switch (frame.type, frame.classID, frame.methodID) {
            case (8, _, _): beats.withLock { $0 += 1 }
            case (1, 10, 31): continue
            case (1, 10, 11):
                // At most 2047 channels, frames of that size, and a heartbeat every minute.
                var limits = Self.bytes(UInt16(2047))
                limits += Self.bytes(frameMax)
                limits += Self.bytes(UInt16(60))
                send(Self.method(0, 10, 30, limits), to: client)
            case (1, 10, 40): send(Self.method(0, 10, 41, [0]), to: client)
            case (1, 10, 50): return send(Self.method(0, 10, 51), to: client)
            default:
                seen.withLock { $0.append(frame) }
                send(answer(frame), to: client)
            }
        }
    }

    private func takeFrame(from client: Int32) -> Frame? {
        guard let head = take(7, from: client) else { return nil }
        let size = head[3...6].reduce(0) { $0 << 8 | Int($1) }
        guard let rest = take(size + 1, from: client) else { return nil }
        var frame = Frame(type: head[0], channel: UInt16(head[1]) << 8 | UInt16(head[2]))
        if frame.type == 1, size >= 4 {
            frame.classID = UInt16(rest[0]) << 8 | UInt16(rest[1])
            frame.methodID = UInt16(rest[2]) << 8 | UInt16(rest[3])
        }
        return frame
    }

    private func take(_ count: Int, from client: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                recv(client, buffer.baseAddress?.advanced(by: filled), count - filled, 0)
            }
            guard got > 0 else { return nil }
            filled += got
        }
        return bytes
    }

    private func send(_ bytes: [UInt8], to client: Int32) {
        guard !bytes.isEmpty else { return }
        _ = Glibc.send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}
