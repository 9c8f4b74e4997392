/// The version of this build, for the broker, metrics and `--version`.
package enum Version {
    /// Semantic versioning; CHANGELOG.md says what is in it.
    package static let text = "0.1.0"
}
