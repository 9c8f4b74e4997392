/// Words of routing keys made from senders and numbers.
package enum RoutingKeyWord {
    /// Digits of a number without `+`; any other sender has each character outside `A-Z a-z 0-9 _ -` replaced by `_`.
    package static func of(_ sender: String) -> String {
        let bare = sender.hasPrefix("+") ? sender.dropFirst() : Substring(sender)
        let word = String(
            String.UnicodeScalarView(
                bare.unicodeScalars.map { scalar in
                    switch scalar {
                    case "a"..."z", "A"..."Z", "0"..."9", "_", "-": scalar
                    default: "_"
                    }
                }
            )
        )
        return word.isEmpty ? "_" : word
    }
}
