// Written by scripts/embed-contracts.sh.
/// docs/asyncapi.yaml, as the binary carries it.
enum AsyncAPIDocument {
    /// The whole document.
    static var text: String { [part1, part2, part3, part4].joined() }
}
