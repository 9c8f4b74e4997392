import Contracts
import FoundationEssentials
import SMSCore
import Testing

@testable import Vonage

@Suite("Of a verified webhook only what its proof covers can be read")
struct ProvedContentTests {
    private static let secret = WebhookVerifierTests.secret
    private static let other =
        "msisdn=447700900009&to=14155550100&messageId=0B&text=START&type=text&status=delivered&token=t"

    private let verifier = WebhookVerifier(policy: WebhookPolicy(secrets: SignatureSecrets([secret])))

    private func verify(_ webhook: UnverifiedWebhook) -> Result<VerifiedWebhook, RefusedWebhook> {
        verifier.verify(webhook, now: WebhookVerifierTests.now)
    }

    private func webhook(
        _ method: String = "POST",
        query: String = "",
        token: String? = nil,
        contentType: String? = nil,
        body: String = ""
    ) -> UnverifiedWebhook {
        var headers: [String: [String]] = [:]
        headers["content-type"] = contentType.map { [$0] }
        headers["authorization"] = token.map { ["Bearer " + $0] }
        return UnverifiedWebhook(
            .inbound,
            method: method,
            path: "/webhooks/inbound",
            query: query,
            headers: headers,
            body: Array(body.utf8)
        )
    }

    /// The parameters as a query, with the `sig` that fits.
    private func signed(_ parameters: [String: String]) -> String {
        let sig = String(decoding: LegacySignature.sha256.sign(parameters, secret: Self.secret), as: UTF8.self)
        return FormParameters.text(of: parameters.merging(["sig": sig]) { $1 })
    }

    @Test(
        "A captured token carries its own body and nothing of a query that was added",
        arguments: [
            ("application/json", #"{"message_uuid":"u","to":"1","from":"2","text":"STOP"}"#),
            ("application/x-www-form-urlencoded", "msisdn=2&to=1&messageId=u&text=STOP"),
            ("application/json", #"{"msisdn":"2","to":"1","messageId":"u","text":"STOP"}"#),
        ]
    )
    func queryUnderToken(contentType: String, body: String) throws {
        let token = WebhookVerifierTests.token(hashOf: Array(body.utf8))
        let verified = try verify(webhook(query: Self.other, token: token, contentType: contentType, body: body)).get()
        #expect(verified.proof == .token)
        #expect(verified.query.isEmpty)
        let message = try WebhookReading(verified).message()
        #expect(message.messageUUID == "u" && message.from == "2" && message.text == "STOP")
        #expect(message.keyword == nil && message.part == nil)
    }

    @Test("A captured token over an empty body carries nothing")
    func emptyBody() throws {
        let token = WebhookVerifierTests.token(hashOf: [])
        let verified = try verify(webhook(query: Self.other, token: token)).get()
        #expect(WebhookReading(verified).problems == ["neither a JSON object nor parameters"])
    }

    @Test("What is not understood is kept as it was proved, without the service's own token")
    func unreadable() throws {
        let body = Array(#"{"hello":1}"#.utf8)
        let token = WebhookVerifierTests.token(hashOf: body)
        let posted = webhook(query: "token=ours", token: token, contentType: "text/x", body: #"{"hello":1}"#)
        let reader = VonageWebhookReader(policy: WebhookPolicy(secrets: SignatureSecrets([Self.secret])))
        guard case .notUnderstood(let kept) = reader.read(posted, now: Timestamp(WebhookVerifierTests.now)) else {
            Issue.record("understood")
            return
        }
        #expect(kept.payload == body && kept.contentType == "text/x")
        let open = VonageWebhookReader(policy: WebhookPolicy(queryToken: "ours"))
        guard case .notUnderstood(let query) = open.read(webhook("GET", query: "text=x&token=ours&a=b"), now: .now)
        else {
            Issue.record("understood")
            return
        }
        #expect(query.payload == Array("text=x&a=b".utf8) && query.contentType == nil)
    }

    @Test("A GET cannot be proved by a token over its body; it is asked for again, which loses nothing genuine")
    func getWithToken() {
        for body in ["", #"{"a":1}"#] {
            let token = WebhookVerifierTests.token(hashOf: Array(body.utf8))
            guard case .failure(let refusal) = verify(webhook("GET", query: Self.other, token: token, body: body))
            else {
                Issue.record("let in")
                continue
            }
            #expect(refusal.reason == .signatureMissing)
            #expect(refusal.answer == .repeatLater)
        }
    }

    @Test("A GET that carries sig is let in, whatever stands in its Authorization", arguments: ["x", "a.b.c", nil])
    func getWithBoth(token: String?) throws {
        let query = signed(["msisdn": "44", "to": "1", "messageId": "0A", "text": "hi"])
        let verified = try verify(webhook("GET", query: query + "&token=ours", token: token)).get()
        #expect(verified.proof == .legacySignature)
        #expect(!verified.query.contains("ours"))
        #expect(try WebhookReading(verified).message().text == "hi")
    }

    @Test(
        "A captured sig carries its own parameters, and no other reading of a body",
        arguments: [
            #"{"from":{"type":"whatsapp","number":"1"},"message":{"content":{"type":"text","text":"START"}}}"#,
            #"{"from":{"type":"whatsapp"}}"#, "{}",
        ]
    )
    func bodyUnderSig(body: String) throws {
        let query = signed(["msisdn": "44", "to": "1", "messageId": "0A", "text": "STOP"])
        let verified = try verify(webhook(query: query, contentType: "application/json", body: body)).get()
        #expect(verified.body.isEmpty)
        #expect(try WebhookReading(verified).message().text == "STOP")
    }

    @Test("What sig covers is read as it was signed, by query, form and JSON")
    func roundTrip() throws {
        let text = "a & b=c + %41 ü 😀\n\"{[\u{0}"
        let parameters = ["msisdn": "44", "to": "1", "messageId": "0A", "text": text, "{": "["]
        let query = signed(parameters)
        #expect(FormParameters(FormParameters.text(of: parameters)).values == parameters)
        var json = parameters
        json["sig"] = FormParameters(query)["sig"]
        let body = String(decoding: try JSONEncoder().encode(json), as: UTF8.self)
        for webhook in [webhook("GET", query: query), webhook(body: query), webhook(body: body)] {
            let verified = try verify(webhook).get()
            #expect(try WebhookReading(verified).message().text == text)
        }
    }

    @Test(
        "A name with a separator in it is forged: it could have swallowed a parameter without changing the signed text"
    )
    func swallowed() {
        let sig = FormParameters(signed(["messageId": "0A", "msisdn": "44", "text": "STOP"]))["sig"] ?? ""
        for query in ["messageId=0A&msisdn%3D44%26text=STOP&sig=\(sig)", "messageId=0A&msisdn%3D44%26text=STOP&sig=00"]
        {
            guard case .failure(let refusal) = verify(webhook("GET", query: query)) else {
                Issue.record("let in")
                continue
            }
            #expect(refusal.reason == .signatureMalformed)
        }
    }

    @Test("Where no signature is required everything is read as it came")
    func unproved() throws {
        let open = WebhookVerifier(policy: WebhookPolicy())
        let verified = try open.verify(webhook(query: Self.other), now: WebhookVerifierTests.now).get()
        #expect(verified.proof == .none)
        #expect(verified.query == Self.other)
        #expect(try WebhookReading(verified).message().text == "START")
    }
}
