import Foundation
import NIOHTTP1
import Testing

@testable import VonageSimulator

@Suite("The simulator's page", .timeLimit(.minutes(2)))
struct PageTests {
    private static let assets = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/VonageSimulator/Page/assets")

    @Test("The binary carries every file of the page as it is in the repository")
    func embedded() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.assets.path)
        #expect(Set(PageFile.all.map(\.name)) == Set(names))
        for file in PageFile.all {
            let text = try String(contentsOf: Self.assets.appending(path: file.name), encoding: .utf8)
            // Compared first: a failure would print both files otherwise.
            let isSame = file.text == text
            #expect(isSame, "\(file.name) differs: run scripts/embed-page.sh")
        }
    }

    @Test("Every file is served with its type and a policy that lets in nothing from outside and nothing inline")
    func served() async throws {
        let types = [
            "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml",
            "js": "text/javascript; charset=utf-8",
        ]
        try await withSimulator { simulator async throws in
            for file in PageFile.all {
                let path = file.name == "index.html" ? "/" : "/page/\(file.name)"
                let answer = try await simulator.request(.GET, path)
                #expect(answer.status == 200)
                #expect(answer.body == file.text)
                let kind = try #require(file.name.split(separator: ".").last.map(String.init))
                #expect(answer.headers.first(name: "Content-Type") == types[kind])
                #expect(answer.headers.first(name: "X-Content-Type-Options") == "nosniff")
                #expect(answer.headers.first(name: "Set-Cookie") == nil)
                let policy = try #require(answer.headers.first(name: "Content-Security-Policy"))
                for part in [
                    "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
                    "img-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
                ] {
                    #expect(policy.components(separatedBy: "; ").contains(part))
                }
                #expect(!policy.contains("unsafe"))
            }
            #expect(try await simulator.request(.POST, "/").status == 405)
            #expect(try await simulator.request(.GET, "/page/none.js").status == 404)
        }
    }

    @Test("The page names only files that are served, and nothing of another host")
    func selfContained() throws {
        let index = PageIndexHTML.text
        let named = index.matches(of: /(?:src|href)="([^"]*)"/).map { String($0.output.1) }
        #expect(named.count > 3)
        for path in named where !path.hasPrefix("#") { #expect(PageFile.at(path) != nil, "\(path) is not served") }
        for file in PageFile.all where file.name.hasSuffix(".js") {
            for path in file.text.matches(of: /from "(\/[^"]*)"/) { #expect(PageFile.at(String(path.output.1)) != nil) }
            for sink in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("] {
                #expect(!file.text.contains(sink), "\(file.name) has \(sink)")
            }
        }
        #expect(!index.contains("style="))
        #expect(!PageFile.all.contains { $0.name != "icon.svg" && $0.text.contains("://") })
    }

    @Test("Every fault has a switch", arguments: FaultRule.Fault.allCases)
    func switches(fault: FaultRule.Fault) {
        #expect(PageFaultsJS.text.contains("\n  [\"\(fault.rawValue)\", \""))
    }

    @Test("A page of another site can neither read nor change anything; curl and this page can")
    func foreign() async throws {
        try await withSimulator { simulator async throws in
            func status(_ headers: [(String, String)]) async throws -> Int {
                try await simulator.request(.GET, "/simulator/faults", headers: headers).status
            }
            let own = simulator.url
            #expect(try await status([]) == 200)
            #expect(try await status([("Sec-Fetch-Site", "same-origin"), ("Origin", own)]) == 200)
            #expect(try await status([("Sec-Fetch-Site", "none")]) == 200)
            #expect(try await status([("Origin", own)]) == 200)
            #expect(try await status([("Sec-Fetch-Site", "cross-site")]) == 403)
            #expect(try await status([("Sec-Fetch-Site", "same-site")]) == 403)
            #expect(try await status([("Origin", "http://example.com")]) == 403)
            #expect(try await status([("Origin", "null")]) == 403)
        }
    }
}
