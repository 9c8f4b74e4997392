import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// What the API answered.
struct APIAnswer {
    let status: UInt
    let headers: HTTPHeaders
    let body: String

    private var object: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
    }

    /// A member of the body, as text.
    subscript(name: String) -> String? { object[name].map { "\($0)" } }

    var details: [String: Any] { object["details"] as? [String: Any] ?? [:] }
    var problems: [[String: Any]] { object["problems"] as? [[String: Any]] ?? [] }
    /// The statuses of the receipts.
    var receipts: [String] {
        (object["receipts"] as? [[String: Any]] ?? []).compactMap { $0["status"] as? String }
    }
}

extension World {
    /// Makes a request to the service.
    func api(
        _ method: HTTPMethod,
        _ path: String,
        _ headers: [(String, String)] = [],
        body: String? = nil
    ) async throws -> APIAnswer {
        var request = HTTPClientRequest(url: url + path)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(70))
        let bytes = try await response.body.collect(upTo: 1 << 20)
        return APIAnswer(
            status: response.status.code,
            headers: response.headers,
            body: String(buffer: bytes)
        )
    }
}
