import Contracts
import Logging
import Telemetry
import Testing

@Suite("A log line")
struct LogLineTests {
    private func line(_ metadata: Logger.Metadata = [:], message: String = "sms.attempted") -> LogLine {
        LogLine(
            time: Timestamp(milliseconds: 1_795_579_200_042),
            level: .info,
            label: "bridge",
            message: message,
            metadata: metadata
        )
    }

    private func text(_ line: LogLine, _ style: LineLogHandler.Style) -> String {
        String(decoding: line.bytes(in: style), as: UTF8.self)
    }

    @Test("is one JSON object with time, level, logger and message first")
    func plainJSON() {
        let expected =
            #"{"time":"2026-11-25T04:00:00.042Z","level":"info","logger":"bridge","message":"sms.attempted"}"# + "\n"
        #expect(text(line(), .json) == expected)
    }

    @Test("has its metadata sorted, dictionaries flattened, numbers and booleans as such")
    func metadataJSON() {
        let json = text(
            line([
                "sms.id": "a-1",
                "amqp": ["queue": "sms.send", "delivery_tag": "\(7)"],
                "sms.duration_ms": .stringConvertible(42),
                "sms.ratio": .stringConvertible(0.5),
                "sms.isLast": .stringConvertible(true),
                "bytes": .stringConvertible(UInt16(9)),
                "list": ["x", .stringConvertible(1)],
            ]),
            .json
        )
        let tail =
            #""amqp.delivery_tag":"7","amqp.queue":"sms.send","bytes":9,"list":["x",1],"#
            + #""sms.duration_ms":42,"sms.id":"a-1","sms.isLast":true,"sms.ratio":0.5}"# + "\n"
        #expect(json.hasSuffix(tail))
    }

    @Test("cannot have its own fields overwritten by metadata")
    func reservedKeys() {
        let json = text(line(["level": "x", "message": "y"]), .json)
        #expect(json.contains(#""level":"info""#))
        #expect(json.hasSuffix(#""metadata.level":"x","metadata.message":"y"}"# + "\n"))
    }

    @Test(
        "escapes what JSON does not allow in strings",
        arguments: [
            ("a\"b", #""k":"a\"b""#), ("a\\b", #""k":"a\\b""#), ("a\nb\r\tc", #""k":"a\nb\r\tc""#),
            ("\u{0}\u{1F}", #""k":"\u0000\u001f""#), ("äß😀", #""k":"äß😀""#),
            ("\u{7F}\u{80}\u{9B}2J\u{9F}", #""k":"\u007f\u0080\u009b2J\u009f""#), ("\u{A0}©¿À", "\"k\":\"\u{A0}©¿À\""),
        ]
    )
    func escapes(value: String, expected: String) {
        #expect(text(line(["k": .string(value)]), .json).contains(expected))
    }

    @Test("writes a number that JSON has no word for as a string")
    func infinity() {
        #expect(text(line(["k": .stringConvertible(Double.infinity)]), .json).contains(#""k":"inf""#))
    }

    @Test("in text style puts level, message and metadata on one line")
    func plainText() {
        let plain = text(line(["b": "two words", "a": "1", "c": ""]), .text(isColoured: false))
        #expect(plain == #"2026-11-25T04:00:00.042Z INFO     sms.attempted a=1 b="two words" c="""# + "\n")
    }

    @Test("in text style lets no value begin another line or steer the terminal")
    func textInjection() {
        let controls = "\u{1B}[2J\n\u{7F}\u{9B}2J"
        let plain = text(line(["k": .string(controls), controls: "v"], message: controls), .text(isColoured: false))
        #expect(plain.filter { $0 == "\n" }.count == 1)
        #expect(Array(plain.unicodeScalars.filter { $0.properties.generalCategory == .control }) == ["\n"])
        let json = text(line(["k": .string(controls), controls: "v"], message: controls), .json)
        #expect(Array(json.unicodeScalars.filter { $0.properties.generalCategory == .control }) == ["\n"])
    }

    @Test("in coloured text style marks the level, and ends each colour")
    func colours() {
        var failed = line(["k": "v"])
        failed.level = .error
        let coloured = text(failed, .text(isColoured: true))
        #expect(coloured.contains("\u{1B}[31mERROR\u{1B}[0m"))
        #expect(coloured.hasSuffix("\u{1B}[2mk=\u{1B}[0mv\n"))
    }
}
