/// What this build is of; `scripts/version.sh write` replaces this file in the sources that an image is built from.
enum BuiltVersion {
    /// The version by `git describe`; nil in a build that nothing has named.
    static let text: String? = nil
}
