import App
import Foundation
import Tools

/// What the command line writes, and where; nothing of it steers the terminal but its own colours.
enum Terminal {
    /// A line for the caller, on standard output.
    static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((TerminalText.harmless(line) + "\n").utf8))
    }

    /// A line with a word in a colour, for the caller, on standard output.
    static func say(_ before: String, _ word: String, in colour: Colour, _ after: String) {
        let parts = [before, word, after].map { TerminalText.harmless($0) }
        let line = parts[0] + coloured(parts[1], colour) + parts[2] + "\n"
        FileHandle.standardOutput.write(Data(line.utf8))
    }

    /// Bytes, as JSON, and a line's end for the caller, on standard output.
    static func say(_ bytes: [UInt8]) {
        FileHandle.standardOutput.write(Data((TerminalText.harmless(bytes) + "\n").utf8))
    }

    /// A line about what went wrong, on standard error.
    static func complain(_ line: String) {
        FileHandle.standardError.write(Data(("sms-bridge: " + TerminalText.harmless(line) + "\n").utf8))
    }

    /// A line beside the output, on standard error.
    static func note(_ line: String) {
        FileHandle.standardError.write(Data((TerminalText.harmless(line) + "\n").utf8))
    }

    /// The colours that a terminal shows.
    enum Colour: Int {
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
    }

    /// Text in a colour, where standard output is a terminal.
    private static func coloured(_ text: String, _ colour: Colour) -> String {
        isatty(STDOUT_FILENO) == 1 ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }
}
