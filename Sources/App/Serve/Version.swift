/// The version of this build, for the broker, metrics and `--version`.
package enum Version {
    /// The version that these sources become when they are released (semantic versioning); CHANGELOG.md says what is in
    /// it.
    package static let next = "0.1.0"

    /// What was built: the version that the build was named by, else `0.1.0-dev`, which claims no release.
    package static let text = BuiltVersion.text ?? next + "-dev"
}
