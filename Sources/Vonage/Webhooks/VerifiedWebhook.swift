import Contracts
import SMSCore

/// A webhook that passed every check that is configured, and of it only what its proof covers.
///
/// A proof covers a part of a request, never all of it: the JWT's `payload_hash` covers the body and nothing of the query,
/// `sig` covers flat parameters and no other reading of a body. Anything else may have been added to a captured webhook
/// by an attacker, so it is not in here and cannot be read by mistake. Only ``WebhookVerifier`` can make one.
struct VerifiedWebhook: Sendable {
    /// How it proved where it came from.
    enum Proof: String, Sendable {
        /// A signed JWT over the raw body.
        case token
        /// The older SMS API's `sig`.
        case legacySignature = "legacy_signature"
        /// No signature is required by this configuration.
        case none
    }

    /// What a proof covers, and so what of the request may be read.
    enum Content: Sendable {
        /// The body, byte for byte; the query stays out.
        case body
        /// These parameters, whichever way they came; the body's own text stays out, for it may hold more than them.
        case parameters([String: String])
        /// Query and body, for no signature is required.
        case everything
    }

    /// Which address was called.
    let kind: WebhookKind
    /// The HTTP method, upper case; `GET` where ``query`` has the content.
    let method: String
    /// The path, without the query.
    let path: String
    /// The query as far as it is proved: as received where nothing is required, empty beside a proved body, and after
    /// `sig` the parameters that it covers, whichever way they came.
    let query: String
    /// The `Content-Type` header, where there is a body.
    let contentType: String?
    /// The body as received; empty where the content is in ``query``.
    let body: [UInt8]
    /// The sender's address as far as trusted proxies give it.
    let clientAddress: IPAddress?
    /// How it proved where it came from.
    let proof: Proof
    /// The account (`api_key`) that the proof names.
    let apiKey: String?
    /// Whether anything was required of it: a signature, the token, or an address; if not, any client may have sent it.
    let isChecked: Bool

    init(
        _ webhook: UnverifiedWebhook,
        _ content: Content,
        clientAddress: IPAddress?,
        apiKey: String?,
        isChecked: Bool
    ) {
        kind = webhook.kind
        path = webhook.path
        self.clientAddress = clientAddress
        self.apiKey = apiKey
        self.isChecked = isChecked
        switch content {
        case .body:
            (proof, method, query) = (.token, webhook.method, "")
            (contentType, body) = (webhook[header: "content-type"], webhook.body)
        case .parameters(let parameters):
            (proof, method, query) = (.legacySignature, "GET", FormParameters.text(of: parameters))
            (contentType, body) = (nil, [])
        case .everything:
            (proof, method, query) = (.none, webhook.method, webhook.query)
            (contentType, body) = (webhook[header: "content-type"], webhook.body)
        }
    }

    /// The query without `token`, which is a secret.
    var queryWithoutToken: String {
        query.split(separator: "&").filter { !$0.hasPrefix("token=") }.joined(separator: "&")
    }
}
