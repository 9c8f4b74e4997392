import Foundation
import Tools

extension Terminal {
    /// Columns of the terminal that standard output is; nil when it is not a terminal, or does not say.
    static var width: Int? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// A question on standard error, without a line break.
    static func ask(_ question: String) {
        FileHandle.standardError.write(Data(question.utf8))
    }
}
