package import Contracts

/// What was decided about one command, in order: the part of its timeline that its record keeps.
///
/// It is a text that only grows at its end, one line for each entry, so that a write of the record costs no parsing and
/// no encoding. It holds no message text, and no more than ``limit`` entries: of a longer history the first and the last
/// ones stay, and how many were left out between them.
package struct MessageHistory: Hashable, Sendable {
    /// How many entries a record keeps.
    package static let limit = 40
    /// How many of them are the first ones, where entries were left out.
    private static let headCount = 20
    /// How many characters of a detail are kept.
    package static let detailLimit = 160

    /// What an entry is about, under the letter that stands for it in the text.
    package enum What: Character, Hashable, Sendable, CaseIterable {
        /// It is carried out once more: a replay, or another body after `invalid`.
        case takenAgain = "t"
        /// It waits, until then and for that reason.
        case waiting = "w"
        /// A request begins; the detail is its number.
        case attempt = "a"
        /// The provider surely did not take it; it is sent again, not before then.
        case notTaken = "n"
        /// A request was written and no answer came; a receipt is waited for until then.
        case uncertain = "u"
        /// It has ended; the detail is the outcome, and why.
        case settled = "e"
        /// A receipt has proved that the provider took it.
        case proved = "p"
        /// The broker has confirmed the outcome's event.
        case published = "o"
        /// So many entries were left out here.
        case omitted = "…"
    }

    /// One entry.
    package struct Entry: Hashable, Sendable {
        package let at: Timestamp
        package let what: What
        /// Until when it waits, where it does.
        package let until: Timestamp?
        /// Why, in words or figures; empty where there is nothing to say.
        package let detail: String
    }

    /// As the store keeps it: each line is a moment (milliseconds since 1970 in base 36), a letter, `<moment` where the
    /// command waits, and the detail.
    package private(set) var text: String

    /// A history, empty or as it was stored.
    package init(_ text: String = "") {
        self.text = text
    }

    /// Adds an entry; a wait that goes on for the same reason only gets its new end.
    package mutating func note(_ what: What, at moment: Timestamp, until: Timestamp? = nil, _ detail: String = "") {
        let detail = Self.short(detail)
        var line = Self.word(moment) + " \(what.rawValue)"
        if let until { line += "<" + Self.word(until) }
        if !detail.isEmpty { line += " " + detail }
        guard !text.isEmpty else {
            text = line
            return
        }
        if what == .waiting, let last = Self.entry(lastLine), last.what == .waiting, last.detail == detail {
            text.removeSubrange(lastLine.startIndex...)
            text += Self.word(last.at) + line.drop { $0 != " " }
        } else {
            text += "\n" + line
            if text.utf8.count(where: { $0 == UInt8(ascii: "\n") }) >= Self.limit { omit() }
        }
    }

    /// The entries, oldest first; lines that cannot be read are passed over.
    package var entries: [Entry] { text.split(separator: "\n").compactMap(Self.entry) }

    /// What the command waits for, by the last entry; nil where that is no wait.
    package var wait: Entry? {
        let newestFirst = text.split(separator: "\n").reversed().lazy.compactMap(Self.entry)
        guard let last = newestFirst.first(where: { $0.what != .proved }), last.until != nil else { return nil }
        return last
    }

    /// The history without what was said by the provider, the caller or a person about the message.
    package var withoutDetails: MessageHistory {
        let lines = text.split(separator: "\n").map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
        return MessageHistory(lines.joined(separator: "\n"))
    }

    private var lastLine: Substring { text[(text.lastIndex(of: "\n").map(text.index(after:)) ?? text.startIndex)...] }

    /// Takes one entry out of the middle, and counts it there.
    private mutating func omit() {
        var lines = text.split(separator: "\n")
        let place = Self.headCount
        guard lines.count > Self.limit, let entry = Self.entry(lines[place]) else { return }
        // The first time the count takes the line of an entry, which is left out too.
        let count = 1 + (entry.what == .omitted ? Int(entry.detail) ?? 0 : 1)
        lines.remove(at: place + 1)
        lines[place] = "\(Self.word(entry.at)) \(What.omitted.rawValue) \(count)"
        text = lines.joined(separator: "\n")
    }

    private static func entry(_ line: Substring) -> Entry? {
        let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, let at = moment(words[0]), let what = words[1].first.flatMap(What.init) else {
            return nil
        }
        let rest = words[1].dropFirst()
        return Entry(
            at: at,
            what: what,
            until: rest.first == "<" ? moment(rest.dropFirst()) : nil,
            detail: words.count > 2 ? String(words[2]) : ""
        )
    }

    private static func word(_ moment: Timestamp) -> String { String(moment.milliseconds, radix: 36) }

    private static func moment(_ word: Substring) -> Timestamp? {
        Int64(word, radix: 36).map { Timestamp(milliseconds: $0) }
    }

    /// A detail on one line, cut at its limit.
    private static func short(_ detail: String) -> String {
        let line =
            detail.unicodeScalars.contains(where: isControl)
            ? String(String.UnicodeScalarView(detail.unicodeScalars.map { isControl($0) ? " " : $0 })) : detail
        return line.count > detailLimit ? line.prefix(detailLimit - 1) + "…" : line
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }
}
