import Contracts
import Crypto
import FoundationEssentials
import SMSCore
import Testing

@testable import Vonage

@Suite("Whether a webhook comes from Vonage")
struct WebhookVerifierTests {
    static let body = Array(#"{"message_uuid":"u","text":"STOP"}"#.utf8)
    static let now = Date(timeIntervalSince1970: 1_800_000_000)
    /// Shorter than JWT libraries allow, as real ones are.
    static let secret = "0123456789abcdefghij"

    /// Makes a token by hand, independent of the code under test.
    static func token(
        header: String = #"{"alg":"HS256","typ":"JWT"}"#,
        secret: String = secret,
        iss: String? = "Vonage",
        iat: Int? = 1_800_000_000,
        hashOf body: [UInt8]? = body,
        apiKey: String? = "12ab34cd"
    ) -> String {
        var claims: [String] = [#""jti":"j""#]
        if let iss { claims.append(#""iss":"\#(iss)""#) }
        if let iat { claims.append(#""iat":\#(iat)"#) }
        if let body {
            let hash = SHA256.hash(data: body).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            claims.append(#""payload_hash":"\#(hash)""#)
        }
        if let apiKey { claims.append(#""api_key":"\#(apiKey)""#) }
        let signed = base64URL(Array(header.utf8)) + "." + base64URL(Array("{\(claims.joined(separator: ","))}".utf8))
        let mac = HMAC<SHA256>.authenticationCode(
            for: Array(signed.utf8),
            using: SymmetricKey(data: Array(secret.utf8))
        )
        return signed + "." + base64URL(Array(mac))
    }

    static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().filter { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : "\($0)" }
            .joined()
    }

    private func verifier(
        _ secrets: [String] = [secret],
        maximumAge: Duration = .zero,
        legacy: LegacySignature = .sha256
    ) -> WebhookVerifier {
        WebhookVerifier(
            policy: WebhookPolicy(secrets: SignatureSecrets(secrets), legacySignature: legacy, maximumAge: maximumAge)
        )
    }

    private func webhook(_ authorization: String?, body: [UInt8] = body) -> UnverifiedWebhook {
        var headers = ["content-type": ["application/json"]]
        headers["authorization"] = authorization.map { [$0] }
        return UnverifiedWebhook(
            .inbound,
            method: "POST",
            path: "/webhooks/inbound",
            headers: headers,
            body: body,
            peerAddress: "192.0.2.1"
        )
    }

    private func refusal(_ verifier: WebhookVerifier, _ webhook: UnverifiedWebhook, now: Date = now) -> WebhookRefusal?
    {
        refused(verifier, webhook, now: now)?.reason
    }

    private func refused(_ verifier: WebhookVerifier, _ webhook: UnverifiedWebhook, now: Date = now) -> RefusedWebhook?
    {
        switch verifier.verify(webhook, now: now) {
        case .success: nil
        case .failure(let refused): refused
        }
    }

    @Test("A webhook signed as Vonage signs is let in, and keeps its bytes")
    func signed() throws {
        let verified = try verifier().verify(webhook("Bearer " + Self.token()), now: Self.now).get()
        #expect(verified.body == Self.body)
        #expect(verified.proof == .token)
        #expect(verified.apiKey == "12ab34cd")
        #expect(verified.isChecked)
        #expect(refusal(verifier(), webhook("bearer  " + Self.token())) == nil)
    }

    @Test("No token is asked for again; Vonage then repeats it signed")
    func missing() {
        for header in [nil, "", "Basic dTpw", "Bearer"] {
            let refused = refused(verifier(), webhook(header))
            #expect(refused?.reason == .signatureMissing)
            #expect(refused?.answer == .repeatLater)
        }
    }

    @Test(
        "The token never chooses the algorithm",
        arguments: ["none", "None", "RS256", "HS512", "hs256", ""]
    )
    func algorithm(name: String) {
        let token = Self.token(header: #"{"alg":"\#(name)","typ":"JWT"}"#)
        let refused = refused(verifier(), webhook("Bearer " + token))
        #expect(refused?.reason == .algorithmRefused)
        #expect(refused?.answer == .forged)
        let unsigned = token.split(separator: ".").dropLast().joined(separator: ".") + "."
        #expect(self.refusal(verifier(), webhook("Bearer " + unsigned)) == .algorithmRefused)
    }

    @Test(
        "What is not a token is forged",
        arguments: ["x", "a.b", "a.b.c", "....", "a.b.c.d", "é.é.é", "eyJhbGciOiJIUzI1NiJ9.e30"]
    )
    func malformed(token: String) {
        let refused = refused(verifier(), webhook("Bearer " + token))
        #expect(refused?.reason == .signatureMalformed)
        #expect(refused?.answer == .forged)
    }

    @Test("Another body under a good token is refused")
    func tampered() {
        let verifier = verifier()
        #expect(refusal(verifier, webhook("Bearer " + Self.token(), body: Array("{}".utf8))) == .bodyHashWrong)
        #expect(refusal(verifier, webhook("Bearer " + Self.token(), body: Self.body + [10])) == .bodyHashWrong)
        #expect(refusal(verifier, webhook("Bearer " + Self.token(hashOf: nil))) == .bodyHashWrong)
    }

    @Test("A token changed after signing does not fit")
    func changedClaims() {
        let parts = Self.token().split(separator: ".").map(String.init)
        let other = Self.token(apiKey: "ffffffff").split(separator: ".").map(String.init)
        #expect(
            refusal(verifier(), webhook("Bearer " + [parts[0], other[1], parts[2]].joined(separator: ".")))
                == .signatureUnproven
        )
        #expect(
            refusal(verifier(), webhook("Bearer " + [parts[0], parts[1], ""].joined(separator: ".")))
                == .signatureUnproven
        )
    }

    @Test("A token made for its body under another secret is asked for again, also when others have been verified")
    func rotated() {
        let verifier = verifier()
        let rotated = webhook("Bearer " + Self.token(secret: "another"))
        #expect(refused(verifier, rotated) == RefusedWebhook(.signatureUnproven, isProven: false))
        #expect(refused(verifier, rotated)?.answer == .repeatLater)
        #expect(refusal(verifier, webhook("Bearer " + Self.token())) == nil)
        #expect(refused(verifier, rotated) == RefusedWebhook(.signatureUnproven, isProven: true))
        #expect(refused(verifier, rotated)?.answer == .repeatLater)
        #expect(refused(verifier, rotated)?.label == "signature_unproven")
    }

    @Test("What a wrong setting may have caused loses nothing until one webhook has been verified; then it is forgery")
    func unproven() throws {
        let policy = WebhookPolicy(
            allowedNetworks: [try #require(CIDRBlock("192.0.2.0/24"))],
            queryToken: "abc",
            secrets: SignatureSecrets([Self.secret])
        )
        let verifier = WebhookVerifier(policy: policy)
        var good = webhook("Bearer " + Self.token())
        good.query = "token=abc"
        var (elsewhere, tokenless, wrongToken, otherBody) = (good, good, good, good)
        elsewhere.peerAddress = "203.0.113.1"
        tokenless.query = ""
        wrongToken.query = "token=x"
        otherBody.body.append(32)
        var foreign = otherBody
        foreign.headers["authorization"] = ["Bearer " + Self.token(secret: "another")]
        let wrongSig = UnverifiedWebhook(
            .inbound,
            method: "GET",
            path: "/",
            query: "msisdn=44&token=abc&sig=00",
            peerAddress: "192.0.2.1"
        )
        let cases: [(UnverifiedWebhook, WebhookRefusal)] = [
            (elsewhere, .addressNotAllowed), (tokenless, .tokenMissing), (wrongToken, .tokenWrong),
            (otherBody, .bodyHashWrong), (foreign, .signatureWrong), (wrongSig, .signatureWrong),
        ]
        for (webhook, reason) in cases {
            #expect(refused(verifier, webhook) == RefusedWebhook(reason, isProven: false))
            #expect(refused(verifier, webhook)?.answer == .repeatLater, "\(reason)")
            #expect(refused(verifier, webhook)?.label == reason.label + "_unproven")
        }
        #expect(refusal(verifier, good) == nil)
        for (webhook, reason) in cases {
            #expect(refused(verifier, webhook) == RefusedWebhook(reason, isProven: true))
            #expect(refused(verifier, webhook)?.answer == .forged, "\(reason)")
            #expect(refused(verifier, webhook)?.label == reason.label)
        }
    }

    @Test("Several secrets are valid at once; an account's own holds for that account only")
    func severalSecrets() {
        let verifier = verifier(["old", "new", "12ab34cd:own"])
        #expect(refusal(verifier, webhook("Bearer " + Self.token(secret: "old"))) == nil)
        #expect(refusal(verifier, webhook("Bearer " + Self.token(secret: "new"))) == nil)
        #expect(refusal(verifier, webhook("Bearer " + Self.token(secret: "own"))) == nil)
        #expect(
            refusal(verifier, webhook("Bearer " + Self.token(secret: "own", apiKey: "ffffffff"))) == .signatureUnproven
        )
    }

    @Test("The age of a token, where it is asked for")
    func age() {
        let verifier = verifier(maximumAge: .seconds(300))
        let token = webhook("Bearer " + Self.token())
        #expect(refusal(verifier, token, now: Self.now.addingTimeInterval(300)) == nil)
        #expect(refusal(verifier, token, now: Self.now.addingTimeInterval(301)) == .tooOld)
        #expect(refusal(verifier, token, now: Self.now.addingTimeInterval(-301)) == .tooOld)
        #expect(refusal(verifier, webhook("Bearer " + Self.token(iat: nil))) == .tooOld)
        #expect(refusal(self.verifier(), webhook("Bearer " + Self.token(iat: nil))) == nil)
        #expect(refusal(self.verifier(), token, now: Self.now.addingTimeInterval(86_400)) == nil)
    }

    @Test("Another issuer is refused")
    func issuer() {
        #expect(refusal(verifier(), webhook("Bearer " + Self.token(iss: "Other"))) == .issuerWrong)
        #expect(refusal(verifier(), webhook("Bearer " + Self.token(iss: nil))) == nil)
    }

    @Test(
        "The query token, compared whole",
        arguments: [
            ("token=abc", nil), ("x=1&token=abc", nil), ("token=ab", .tokenWrong), ("token=", .tokenWrong),
            ("", .tokenMissing),
        ] as [(String, WebhookRefusal?)]
    )
    func queryToken(query: String, expected: WebhookRefusal?) {
        let verifier = WebhookVerifier(policy: WebhookPolicy(queryToken: "abc"))
        #expect(refusal(verifier, UnverifiedWebhook(.inbound, method: "POST", path: "/", query: query)) == expected)
    }

    @Test("Address, token and signature are checked in this order")
    func order() throws {
        let policy = WebhookPolicy(
            allowedNetworks: [try #require(CIDRBlock("192.0.2.0/24"))],
            queryToken: "abc",
            secrets: SignatureSecrets([Self.secret])
        )
        let verifier = WebhookVerifier(policy: policy)
        var webhook = webhook(nil)
        webhook.peerAddress = "203.0.113.1"
        #expect(refusal(verifier, webhook) == .addressNotAllowed)
        webhook.peerAddress = nil
        #expect(refusal(verifier, webhook) == .addressUnknown)
        webhook.peerAddress = "192.0.2.1"
        #expect(refusal(verifier, webhook) == .tokenMissing)
        webhook.query = "token=abc"
        #expect(refusal(verifier, webhook) == .signatureMissing)
        webhook.headers["authorization"] = ["Bearer " + Self.token()]
        #expect(refusal(verifier, webhook) == nil)
    }

    @Test("Without any check everything passes")
    func open() throws {
        let verified = try WebhookVerifier(policy: WebhookPolicy()).verify(webhook(nil), now: Self.now).get()
        #expect(verified.proof == .none)
        #expect(!verified.isChecked)
    }

    @Test("The older API's sig, by query, form and JSON, whatever the method", arguments: LegacySignature.allCases)
    func legacy(method: LegacySignature) throws {
        let parameters = [
            "msisdn": "447700900001", "text": "a & b=c", "timestamp": "1800000000", "api-key": "12ab34cd",
        ]
        let sig = String(decoding: method.sign(parameters, secret: Self.secret), as: UTF8.self)
        let form = "msisdn=447700900001&text=a+%26+b%3Dc&timestamp=1800000000&api-key=12ab34cd&sig=\(sig)"
        let json =
            #"{"msisdn":"447700900001","text":"a & b=c","timestamp":1800000000,"api-key":"12ab34cd","sig":"\#(sig.uppercased())"}"#
        let verifier = verifier(maximumAge: .seconds(60), legacy: method)
        let get = UnverifiedWebhook(.inbound, method: "GET", path: "/", query: form)
        #expect(try verifier.verify(get, now: Self.now).get().proof == .legacySignature)
        let posted = UnverifiedWebhook(
            .inbound,
            method: "POST",
            path: "/",
            query: "token=ours",
            headers: ["content-type": ["application/x-www-form-urlencoded"]],
            body: Array(form.utf8)
        )
        #expect(refusal(verifier, posted) == nil)
        let jsonWebhook = UnverifiedWebhook(
            .inbound,
            method: "POST",
            path: "/",
            headers: ["content-type": ["application/json"]],
            body: Array(json.utf8)
        )
        #expect(refusal(verifier, jsonWebhook) == nil)
        #expect(refusal(verifier, get, now: Self.now.addingTimeInterval(61)) == .tooOld)
    }

    @Test("A wrong sig: asked for again until a webhook has been verified, then forged")
    func legacyWrong() {
        let verifier = verifier()
        let sig = String(decoding: LegacySignature.sha256.sign(["msisdn": "44"], secret: Self.secret), as: UTF8.self)
        let good = UnverifiedWebhook(.inbound, method: "GET", path: "/", query: "msisdn=44&sig=\(sig)")
        let tampered = UnverifiedWebhook(.inbound, method: "GET", path: "/", query: "msisdn=45&sig=\(sig)")
        let unsigned = UnverifiedWebhook(.inbound, method: "GET", path: "/", query: "msisdn=44")
        let garbage = UnverifiedWebhook(.inbound, method: "GET", path: "/", query: "msisdn=44&sig=zz")
        #expect(refused(verifier, tampered) == RefusedWebhook(.signatureWrong, isProven: false))
        #expect(refused(verifier, garbage)?.answer == .forged)
        #expect(refusal(verifier, good) == nil)
        #expect(refused(verifier, tampered) == RefusedWebhook(.signatureWrong, isProven: true))
        #expect(refusal(verifier, unsigned) == .signatureMissing)
        #expect(refusal(verifier, garbage) == .signatureMalformed)
        // An unsigned webhook of the older API is not accepted because of a token that proves nothing.
        #expect(refusal(verifier, webhook("Bearer " + Self.token(secret: "x"))) == .signatureUnproven)
    }
}
