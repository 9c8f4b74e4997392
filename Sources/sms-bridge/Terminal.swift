import Foundation

/// What the command line writes, and where.
enum Terminal {
    /// A line for the caller, on standard output.
    static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    /// Bytes and a line's end for the caller, on standard output.
    static func say(_ bytes: [UInt8]) {
        FileHandle.standardOutput.write(Data(bytes + [UInt8(ascii: "\n")]))
    }

    /// A line about what went wrong, on standard error.
    static func complain(_ line: String) {
        FileHandle.standardError.write(Data(("sms-bridge: " + line + "\n").utf8))
    }

    /// A line beside the output, on standard error.
    static func note(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    /// The colours that a terminal shows.
    enum Colour: Int {
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
    }

    /// Text in a colour, where standard output is a terminal.
    static func coloured(_ text: String, _ colour: Colour) -> String {
        isatty(STDOUT_FILENO) == 1 ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }
}
