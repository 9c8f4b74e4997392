package import Contracts
package import Logging

/// A swift-log handler that writes each event as one line.
package struct LineLogHandler: LogHandler {
    private let label: String
    private let style: Style
    private let sink: LogSink
    private let now: @Sendable () -> Timestamp
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]

    /// A handler for one logger.
    ///
    /// - Parameters:
    ///   - label: the logger's name.
    ///   - level: below it nothing is written.
    ///   - style: how lines look.
    ///   - sink: where they go; shared by all handlers of a process.
    ///   - metadataProvider: adds metadata from the task's context.
    ///   - now: the clock.
    package init(
        label: String,
        level: Logger.Level,
        style: Style,
        sink: LogSink,
        metadataProvider: Logger.MetadataProvider? = nil,
        now: @escaping @Sendable () -> Timestamp = { WallClock.machine }
    ) {
        self.label = label
        self.logLevel = level
        self.style = style
        self.sink = sink
        self.metadataProvider = metadataProvider
        self.now = now
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let line = LogLine(
            time: now(),
            level: event.level,
            label: label,
            message: event.message.description,
            metadata: merged(with: event)
        )
        sink.append(line.bytes(in: style)) { droppedCount in
            LogLine(
                time: line.time,
                level: .warning,
                label: label,
                message: "log lines were dropped: they were not read in time",
                metadata: ["log.dropped": .stringConvertible(droppedCount)]
            ).bytes(in: style)
        }
    }

    /// The event's own metadata wins over the task's, which wins over the logger's.
    private func merged(with event: LogEvent) -> Logger.Metadata {
        // Mostly the event's is all there is; then it is not copied.
        var merged = event.metadata ?? [:]
        if let provided = metadataProvider?.get(), !provided.isEmpty { merged.merge(provided) { old, _ in old } }
        if !metadata.isEmpty { merged.merge(metadata) { old, _ in old } }
        if let error = event.error { merged["error"] = .string(String(describing: error)) }
        return merged
    }
}
