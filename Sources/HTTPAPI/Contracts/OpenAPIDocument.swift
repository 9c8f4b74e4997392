// Written by scripts/embed-contracts.sh.
/// docs/openapi.yaml, as the binary carries it.
enum OpenAPIDocument {
    /// The whole document.
    static var text: String { [part1, part2, part3].joined() }
}
