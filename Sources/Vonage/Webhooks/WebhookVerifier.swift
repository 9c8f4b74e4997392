package import Contracts
import FoundationEssentials
import SMSCore
import Synchronization

/// Which checks webhooks have to pass.
///
/// Each is optional; with none, everything passes.
package struct WebhookPolicy: Sendable {
    /// Networks that webhooks may come from; empty (the default) allows every address.
    package var allowedNetworks: [CIDRBlock]
    /// Networks of proxies whose `X-Forwarded-For` is trusted; default none.
    package var trustedProxies: [CIDRBlock]
    /// What `?token=` has to be; `nil` (the default) asks for none.
    package var queryToken: String?
    /// The signature secrets; empty (the default) asks for no signature.
    package var secrets: SignatureSecrets
    /// How the older SMS API signs; default `sha256`.
    package var legacySignature: LegacySignature
    /// How old a signature may be (and how far in the future); zero, the default, does not ask.
    ///
    /// Whether Vonage signs a repeated webhook anew is not documented, so a short age may lose webhooks after an
    /// outage.
    package var maximumAge: Duration

    /// Creates a policy.
    ///
    /// - Parameters:
    ///   - allowedNetworks: networks that webhooks may come from; empty allows all.
    ///   - trustedProxies: networks whose `X-Forwarded-For` is trusted.
    ///   - queryToken: what `?token=` has to be.
    ///   - secrets: the signature secrets; empty asks for no signature.
    ///   - legacySignature: how the older SMS API signs.
    ///   - maximumAge: how old a signature may be; zero does not ask.
    package init(
        allowedNetworks: [CIDRBlock] = [],
        trustedProxies: [CIDRBlock] = [],
        queryToken: String? = nil,
        secrets: SignatureSecrets = SignatureSecrets([]),
        legacySignature: LegacySignature = .sha256,
        maximumAge: Duration = .zero
    ) {
        self.allowedNetworks = allowedNetworks
        self.trustedProxies = trustedProxies
        self.queryToken = queryToken
        self.secrets = secrets
        self.legacySignature = legacySignature
        self.maximumAge = maximumAge
    }

    /// Whether anything at all is checked.
    package var verifiesAnything: Bool { !allowedNetworks.isEmpty || queryToken != nil || !secrets.isEmpty }
}

/// Decides whether a webhook comes from Vonage: address, token, signature, in this order, each where configured.
///
/// It remembers one thing: whether a webhook has passed since it was made, that is under the present settings. Before that,
/// a mismatch more likely means a wrong setting here than a forged webhook, and a 401 would lose the webhook for good
/// (a STOP, for example), so it is asked for again.
final class WebhookVerifier: Sendable {
    private let policy: WebhookPolicy
    private let sender: SenderAddress
    private let isProven = Mutex(false)

    /// Creates a verifier.
    ///
    /// - Parameter policy: the checks to make.
    init(policy: WebhookPolicy) {
        self.policy = policy
        self.sender = SenderAddress(allowed: policy.allowedNetworks, trustedProxies: policy.trustedProxies)
    }

    /// Checks a webhook.
    ///
    /// - Parameters:
    ///   - webhook: the request as received.
    ///   - now: the time of day, for the signature's age.
    /// - Returns: the webhook to go on with, or why it is refused and with which answer.
    func verify(_ webhook: UnverifiedWebhook, now: Date) -> Result<VerifiedWebhook, RefusedWebhook> {
        do {
            let verified = try check(webhook, now: now)
            isProven.withLock { $0 = true }
            return .success(verified)
        } catch {
            return .failure(RefusedWebhook(error, isProven: isProven.withLock { $0 }))
        }
    }

    private func check(_ webhook: UnverifiedWebhook, now: Date) throws(WebhookRefusal) -> VerifiedWebhook {
        let client = sender.client(of: webhook)
        if let refusal = sender.refusal(of: client) { throw refusal }
        if let refusal = tokenRefusal(webhook) { throw refusal }
        guard !policy.secrets.isEmpty else {
            return VerifiedWebhook(
                webhook,
                .everything,
                clientAddress: client,
                apiKey: nil,
                isChecked: policy.verifiesAnything
            )
        }
        let (content, apiKey) = try signature(webhook, now: now)
        return VerifiedWebhook(webhook, content, clientAddress: client, apiKey: apiKey, isChecked: true)
    }

    private func tokenRefusal(_ webhook: UnverifiedWebhook) -> WebhookRefusal? {
        guard let expected = policy.queryToken else { return nil }
        guard let given = FormParameters(webhook.query)["token"] else { return .tokenMissing }
        return ConstantTime.areEqual(Array(given.utf8), Array(expected.utf8)) ? nil : .tokenWrong
    }

    /// Looks for a signature, and for what it covers.
    ///
    /// A `GET` has its content in the query, which no JWT covers: there `sig` alone counts, and a JWT beside it is not even
    /// looked at. The older API, the only one that calls by `GET`, signs by `sig`; without one it is a webhook without a
    /// signature, asked for again, and nothing genuine is lost by it.
    private func signature(
        _ webhook: UnverifiedWebhook,
        now: Date
    ) throws(WebhookRefusal) -> (VerifiedWebhook.Content, apiKey: String?) {
        if webhook.method != "GET", let bearer = Self.bearer(webhook[header: "authorization"]) {
            return (.body, try verifyToken(bearer, webhook, now: now))
        }
        var parameters = WebhookBody(method: webhook.method, body: webhook.body).parameters(query: webhook.query)
        guard let given = parameters.removeValue(forKey: "sig"), !given.isEmpty else { throw .signatureMissing }
        let apiKey = try verifyLegacy(given, parameters, now: now)
        parameters["token"] = nil
        return (.parameters(parameters), apiKey)
    }

    private func verifyToken(
        _ text: Substring,
        _ webhook: UnverifiedWebhook,
        now: Date
    ) throws(WebhookRefusal) -> String? {
        let token = try SignedToken(text)
        let isCovered = token.covers(webhook.body)
        guard policy.secrets.candidates(apiKey: token.claims.apiKey).contains(where: { token.isSigned(with: $0) })
        else {
            // Made for this very body: that is what a webhook looks like whose secret was changed at Vonage and not
            // here.
            throw isCovered ? .signatureUnproven : .signatureWrong
        }
        guard isCovered else { throw .bodyHashWrong }
        // The signature shows who made it, so a missing name is not a reason to lose it; a wrong one is.
        if let issuer = token.claims.iss, issuer != "Vonage" { throw .issuerWrong }
        try checkAge(token.claims.iat, now: now)
        return token.claims.apiKey
    }

    private func verifyLegacy(
        _ given: String,
        _ parameters: [String: String],
        now: Date
    ) throws(WebhookRefusal) -> String? {
        let apiKey = parameters["api-key"] ?? parameters["api_key"]
        let signature = Array(given.lowercased().utf8)
        let isHexadecimal = given.utf8.allSatisfy {
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || (65...70) ~= $0 || (97...102) ~= $0
        }
        // The signed text masks `&` and `=` in values only: a name with one in it could swallow another parameter.
        let namesAreWhole = parameters.keys.allSatisfy { name in !name.utf8.contains { "&=".utf8.contains($0) } }
        guard isHexadecimal, namesAreWhole else { throw .signatureMalformed }
        // The service's own `?token=` is in the address that Vonage calls: whether its signature covers that is not
        // documented.
        var withoutToken = parameters
        withoutToken["token"] = nil
        let fits = policy.secrets.candidates(apiKey: apiKey).contains { secret in
            ConstantTime.areEqual(policy.legacySignature.sign(parameters, secret: secret), signature)
                || ConstantTime.areEqual(policy.legacySignature.sign(withoutToken, secret: secret), signature)
        }
        guard fits else { throw .signatureWrong }
        try checkAge(parameters["timestamp"].flatMap { Int($0) }, now: now)
        return apiKey
    }

    private func checkAge(_ issued: Int?, now: Date) throws(WebhookRefusal) {
        guard policy.maximumAge > .zero else { return }
        guard let issued, abs(now.timeIntervalSince1970 - Double(issued)) <= policy.maximumAge / .seconds(1) else {
            throw .tooOld
        }
    }

    /// The token of an `Authorization: Bearer` header; `nil` for no header and for other schemes.
    private static func bearer(_ header: String?) -> Substring? {
        guard let header, let blank = header.firstIndex(of: " "), header[..<blank].lowercased() == "bearer" else {
            return nil
        }
        return header[blank...].drop { $0 == " " }
    }
}
