import Foundation
import Tools

/// A line on a terminal that shows progress; nothing where standard error is not a terminal.
struct ProgressMeter: Sendable {
    private static let width = 30

    let isVisible: Bool

    /// A meter; nothing is drawn unless `isShown`.
    init(isShown: Bool) {
        isVisible = isShown && isatty(STDERR_FILENO) == 1
    }

    /// Draws the line anew: `done` of `all`, and a word or two.
    func draw(_ done: Int, _ all: Int, _ what: String) {
        guard isVisible else { return }
        let filled = all > 0 ? min(Self.width, Self.width * done / all) : 0
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        write("\r\u{1B}[K[\(bar)] \(what)")
    }

    /// Takes the line away.
    func clear() {
        if isVisible { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
