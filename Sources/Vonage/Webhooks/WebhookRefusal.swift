/// Why a webhook was turned away.
///
/// One constant text each, for one log line.
package enum WebhookRefusal: String, Sendable, CaseIterable, Error {
    /// The sender's address is on no allowed network.
    case addressNotAllowed = "the address is on no allowed network"
    /// The sender's address cannot be told.
    case addressUnknown = "the address cannot be told"
    /// `?token=` is missing.
    case tokenMissing = "the query token is missing"
    /// `?token=` is wrong.
    case tokenWrong = "the query token is wrong"
    /// A signature is required and there is none. Vonage documents that it repeats such a webhook signed, after a 5xx.
    case signatureMissing = "the webhook is not signed"
    /// The token is no JWT.
    case signatureMalformed = "the signature is malformed"
    /// The token wants another algorithm than HS256.
    case algorithmRefused = "the token's algorithm is not HS256"
    /// The signature fits none of the secrets, some webhook before did fit.
    case signatureWrong = "the signature fits no secret"
    /// The signature fits none of the secrets, and none ever did: rather the secrets are wrong than the webhook.
    case signatureUnproven = "the signature fits no secret, and no webhook has fitted one yet: is the secret right?"
    /// The token was signed for another body.
    case bodyHashWrong = "the token was signed for another body"
    /// The token was issued by somebody else.
    case issuerWrong = "the token's issuer is not Vonage"
    /// The token is older (or newer) than allowed, or does not say when it was issued.
    case tooOld = "the signature is older than allowed"

    /// What to answer.
    package enum Answer: Sendable {
        /// 401: final for Vonage, the webhook is gone.
        case forged
        /// 503 with `Retry-After`: Vonage repeats it for 24 hours.
        case repeatLater
    }

    /// What to answer.
    package var answer: Answer {
        switch self {
        case .signatureMissing, .signatureUnproven: .repeatLater
        case .addressNotAllowed, .addressUnknown, .tokenMissing, .tokenWrong, .signatureMalformed, .algorithmRefused,
            .signatureWrong, .bodyHashWrong, .issuerWrong, .tooOld:
            .forged
        }
    }

    /// The case's name as it stands in logs and metric labels.
    package var label: String {
        switch self {
        case .addressNotAllowed: "address_not_allowed"
        case .addressUnknown: "address_unknown"
        case .tokenMissing: "token_missing"
        case .tokenWrong: "token_wrong"
        case .signatureMissing: "signature_missing"
        case .signatureMalformed: "signature_malformed"
        case .algorithmRefused: "algorithm_refused"
        case .signatureWrong: "signature_wrong"
        case .signatureUnproven: "signature_unproven"
        case .bodyHashWrong: "body_hash_wrong"
        case .issuerWrong: "issuer_wrong"
        case .tooOld: "too_old"
        }
    }
}
