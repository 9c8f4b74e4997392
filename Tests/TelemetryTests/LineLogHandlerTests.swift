import Contracts
import Logging
import Synchronization
import Telemetry
import Testing

/// Collects lines.
private final class Lines: Sendable {
    private let kept = Mutex<[String]>([])

    var all: [String] { kept.withLock { $0 } }
    var sink: LogSink {
        LogSink { line in self.kept.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
    }
}

@Suite("The line log handler")
struct LineLogHandlerTests {
    private struct Broken: Error, CustomStringConvertible {
        let description = "the disk is full"
    }

    private func logger(_ lines: Lines, level: Logger.Level = .info, provider: Logger.MetadataProvider? = nil) -> Logger
    {
        let sink = lines.sink
        return Logger(label: "test") { label in
            LineLogHandler(
                label: label,
                level: level,
                style: .text(isColoured: false),
                sink: sink,
                metadataProvider: provider,
                now: { Timestamp(milliseconds: 0) }
            )
        }
    }

    @Test("writes one line an event, none below the level")
    func levels() {
        let lines = Lines()
        let logger = logger(lines, level: .warning)
        logger.info("quiet")
        logger.error("loud")
        #expect(lines.all == ["1970-01-01T00:00:00.000Z ERROR    loud\n"])
    }

    @Test("lets the event's metadata win over the task's, and that over the logger's")
    func precedence() throws {
        let lines = Lines()
        var logger = logger(lines, provider: Logger.MetadataProvider { ["a": "task", "b": "task"] })
        logger[metadataKey: "a"] = "logger"
        logger[metadataKey: "b"] = "logger"
        logger[metadataKey: "c"] = "logger"
        logger.info("m", metadata: ["b": "event"])
        #expect(try #require(lines.all.first).hasSuffix("m a=task b=event c=logger\n"))
    }

    @Test("is a value: metadata set on a copy does not reach the original")
    func valueSemantics() {
        let lines = Lines()
        let original = logger(lines)
        var copy = original
        copy[metadataKey: "k"] = "v"
        original.info("m")
        #expect(lines.all.allSatisfy { !$0.contains("k=v") })
    }

    @Test("shows the error that an event carries")
    func error() throws {
        let lines = Lines()
        logger(lines).error("store.failed", error: Broken())
        #expect(try #require(lines.all.first).hasSuffix("store.failed error=\"the disk is full\"\n"))
    }

    @Test("loses no line and mixes none when many tasks log at once")
    func concurrent() async {
        let lines = Lines()
        let logger = logger(lines)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 { group.addTask { logger.info("m", metadata: ["n": "\(number)"]) } }
        }
        #expect(Set(lines.all).count == 200)
    }
}
