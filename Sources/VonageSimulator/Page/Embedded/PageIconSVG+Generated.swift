// Written by scripts/embed-page.sh: change Sources/VonageSimulator/Page/assets/icon.svg instead.

/// `icon.svg` of the page, as the binary carries it.
enum PageIconSVG {
    /// The whole file.
    static let text = #"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
          <rect x="7" y="1" width="18" height="30" rx="5" fill="#1f5fd0"/>
          <path d="M11 9h10a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-6l-4 4v-4a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2z" fill="#fff"/>
        </svg>

        """#
}
