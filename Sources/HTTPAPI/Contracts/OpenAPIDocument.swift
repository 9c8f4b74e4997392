/// docs/openapi.yaml, as the binary carries it.
enum OpenAPIDocument {
    /// The whole document.
    static var text: String { paths + components }
}
