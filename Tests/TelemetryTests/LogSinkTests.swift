import Glibc
import Telemetry
import Testing

@Suite("Where log lines go", .timeLimit(.minutes(3)))
struct LogSinkTests {
    /// A pipe: what is written at one end comes out at the other.
    private struct Pipe {
        let reading: Int32
        let writing: Int32

        init() throws {
            var ends: [Int32] = [-1, -1]
            try #require(pipe(&ends) == 0)
            reading = ends[0]
            writing = ends[1]
        }

        /// Everything until the writing end is closed, as lines.
        func lines() -> [String] {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(reading, &buffer, buffer.count)
                guard count > 0 else { break }
                bytes += buffer.prefix(count)
            }
            close(reading)
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }

    private func append(_ text: String, to sink: LogSink) {
        sink.append(Array((text + "\n").utf8)) { Array("dropped \($0)\n".utf8) }
    }

    @Test("writes at once where there is a reader")
    func atOnce() throws {
        let pipe = try Pipe()
        let sink = LogSink(descriptor: pipe.writing)
        append("a", to: sink)
        append(String(repeating: "b", count: 10_000), to: sink)
        append("c", to: sink)
        sink.flush(within: .seconds(10))
        close(pipe.writing)
        #expect(pipe.lines().map(\.count) == [1, 10_000, 1])
    }

    @Test("makes no logger wait for a reader, loses only what has no room, in order, and says how much that was")
    func stuck() async throws {
        let pipe = try Pipe()
        let sink = LogSink(descriptor: pipe.writing, waitingMaxBytes: 100_000)
        let filler = String(repeating: ".", count: 990)
        let begun = ContinuousClock.now
        for number in 10_000..<11_000 { append("\(number)\(filler)", to: sink) }
        #expect(begun.duration(to: .now) < .seconds(10))

        let reader = Task.detached { pipe.lines() }
        sink.flush(within: .seconds(30))
        append("last", to: sink)
        sink.flush(within: .seconds(30))
        close(pipe.writing)
        let lines = await reader.value
        let numbers = lines.compactMap { Int($0.prefix(5)) }
        let dropped = lines.compactMap { $0.hasPrefix("dropped ") ? Int($0.dropFirst(8)) : nil }.reduce(0, +)
        #expect(numbers == numbers.sorted())
        #expect(Set(numbers).count == numbers.count)
        #expect(dropped > 0)
        #expect(numbers.count + dropped == 1000)
        #expect(lines.last == "last")
    }
}
