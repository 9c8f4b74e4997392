package import Contracts
package import Logging

/// One log line before it is written: pure data, so that both styles can be tested without a clock or a file.
package struct LogLine: Sendable {
    /// When it was logged.
    package var time: Timestamp
    package var level: Logger.Level
    /// The label of the logger.
    package var label: String
    /// The constant text.
    package var message: String
    package var metadata: Logger.Metadata

    /// A line with all its parts.
    package init(time: Timestamp, level: Logger.Level, label: String, message: String, metadata: Logger.Metadata) {
        self.time = time
        self.level = level
        self.label = label
        self.message = message
        self.metadata = metadata
    }

    /// The line in a style, with its line break, as UTF-8.
    ///
    /// Metadata is flattened (a dictionary's keys are joined to its own with dots) and sorted by key; a key that is one
    /// of the line's own fields gets the prefix `metadata.`.
    package func bytes(in style: LineLogHandler.Style) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(256)
        switch style {
        case .json: writeJSON(to: &output)
        case .text(let isColoured): writeText(to: &output, isColoured: isColoured)
        }
        output.append(UInt8(ascii: "\n"))
        return output
    }

    private func writeJSON(to output: inout [UInt8]) {
        output.append(UInt8(ascii: "{"))
        JSONText.write(string: "time", to: &output)
        output.append(UInt8(ascii: ":"))
        JSONText.write(string: time.rfc3339, to: &output)
        for (name, text) in [("level", level.rawValue), ("logger", label), ("message", message)] {
            writeKey(name, to: &output)
            JSONText.write(string: text, to: &output)
        }
        for (key, value) in flattenedMetadata() {
            writeKey(key, to: &output)
            JSONText.write(value, to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    private func writeKey(_ key: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: ","))
        JSONText.write(string: key, to: &output)
        output.append(UInt8(ascii: ":"))
    }

    private func writeText(to output: inout [UInt8], isColoured: Bool) {
        output += time.rfc3339.utf8
        output.append(UInt8(ascii: " "))
        if isColoured { output += colour.utf8 }
        output += level.rawValue.uppercased().utf8
        if isColoured { output += "\u{1B}[0m".utf8 }
        for _ in level.rawValue.utf8.count..<9 { output.append(UInt8(ascii: " ")) }
        PlainText.write(message, to: &output)
        for (key, value) in flattenedMetadata() {
            output.append(UInt8(ascii: " "))
            if isColoured { output += "\u{1B}[2m".utf8 }
            PlainText.write(key, to: &output)
            output.append(UInt8(ascii: "="))
            if isColoured { output += "\u{1B}[0m".utf8 }
            PlainText.write(value: value.description, to: &output)
        }
    }

    private var colour: String {
        switch level {
        case .trace, .debug: "\u{1B}[2m"
        case .info, .notice: "\u{1B}[32m"
        case .warning: "\u{1B}[33m"
        case .error, .critical: "\u{1B}[31m"
        }
    }

    private func flattenedMetadata() -> [(key: String, value: Logger.MetadataValue)] {
        var pairs: [(key: String, value: Logger.MetadataValue)] = []
        pairs.reserveCapacity(metadata.count)
        for (key, value) in metadata {
            switch key {
            case "time", "level", "logger", "message": Self.flatten("metadata." + key, value, into: &pairs)
            default: Self.flatten(key, value, into: &pairs)
            }
        }
        pairs.sort { $0.key < $1.key }
        return pairs
    }

    private static func flatten(
        _ key: String,
        _ value: Logger.MetadataValue,
        into pairs: inout [(key: String, value: Logger.MetadataValue)]
    ) {
        guard case .dictionary(let inner) = value else {
            pairs.append((key, value))
            return
        }
        for (innerKey, innerValue) in inner { flatten(key + "." + innerKey, innerValue, into: &pairs) }
    }
}
