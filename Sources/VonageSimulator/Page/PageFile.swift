/// A file of the page, as the binary carries it and a browser gets it.
///
/// The files are in `Page/assets`; `scripts/embed-page.sh` writes each into a Swift file.
struct PageFile: Sendable {
    /// Its name in `Page/assets`.
    let name: String
    /// Its whole text.
    let text: String

    /// Every file; the first is served at `/`, the others at `/page/` and their name.
    static let all = [
        PageFile(name: "index.html", text: PageIndexHTML.text),
        PageFile(name: "style.css", text: PageStyleCSS.text),
        PageFile(name: "icon.svg", text: PageIconSVG.text),
        PageFile(name: "main.js", text: PageMainJS.text),
        PageFile(name: "model.js", text: PageModelJS.text),
        PageFile(name: "traffic.js", text: PageTrafficJS.text),
        PageFile(name: "phones.js", text: PagePhonesJS.text),
        PageFile(name: "faults.js", text: PageFaultsJS.text),
        PageFile(name: "dom.js", text: PageDomJS.text),
    ]

    private static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })

    /// The file of a path.
    ///
    /// - Parameter path: the path of a request.
    /// - Returns: the file, or `nil` when there is none.
    static func at(_ path: String) -> PageFile? { byPath[path] }

    /// The answer that carries it.
    var response: SimulatorResponse {
        SimulatorResponse(status: 200, headers: [("Content-Type", contentType)] + Self.headers, body: text)
    }

    private var path: String { name == "index.html" ? "/" : "/page/\(name)" }

    private var contentType: String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "svg": "image/svg+xml"
        default: "text/javascript; charset=utf-8"
        }
    }

    /// Nothing from outside, nothing inline, no markup made from text (`require-trusted-types-for`), in no other page.
    private static let headers: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                + "require-trusted-types-for 'script'; trusted-types 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ]
}
