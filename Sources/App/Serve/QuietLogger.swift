package import Logging

extension Logger {
    /// A logger for tools: they print their own messages, so nothing below `critical` is logged.
    package static var quiet: Logger {
        var logger = Logger(label: "sms-bridge")
        logger.logLevel = .critical
        return logger
    }
}
