/// Why a webhook was turned away.
///
/// One constant text each, for one log line.
package enum WebhookRefusal: String, Sendable, CaseIterable, Error {
    /// The sender's address is on no allowed network.
    case addressNotAllowed = "the address is on no allowed network"
    /// The sender's address is not known.
    case addressUnknown = "the address is not known"
    /// `?token=` is missing.
    case tokenMissing = "the query token is missing"
    /// `?token=` is wrong.
    case tokenWrong = "the query token is wrong"
    /// A signature is required and there is none; a provider (Vonage) may repeat such a webhook signed, after a 5xx.
    case signatureMissing = "the webhook is not signed"
    /// The token is no JWT.
    case signatureMalformed = "the signature is malformed"
    /// The token wants another algorithm than HS256.
    case algorithmRefused = "the token's algorithm is not HS256"
    /// The signature fits none of the secrets, and nothing else shows that it belongs to this webhook.
    case signatureWrong = "the signature fits no secret"
    /// The signature fits none of the secrets, though the token was made for this body: rather the secret was changed.
    case signatureUnproven = "the signature fits no secret, yet the token is for this body: is the secret right?"
    /// The token was signed for another body.
    case bodyHashWrong = "the token was signed for another body"
    /// The token has another issuer.
    case issuerWrong = "the token's issuer is not the provider"
    /// The token is older (or newer) than allowed, or does not say when it was issued.
    case tooOld = "the signature is older than allowed"

    /// What a reason says about the webhook and about our settings.
    fileprivate enum Suspicion {
        /// No webhook of the provider's looks like this, whatever the settings are.
        case forgedByForm
        /// It is forged, or a setting is wrong: as long as no webhook has passed, rather the latter.
        case wrongSettings
        /// It may be the provider's whatever has passed before.
        case alwaysPossible
    }

    fileprivate var suspicion: Suspicion {
        switch self {
        case .signatureMalformed, .algorithmRefused: .forgedByForm
        case .addressNotAllowed, .addressUnknown, .tokenMissing, .tokenWrong, .signatureWrong, .bodyHashWrong,
            .issuerWrong, .tooOld:
            .wrongSettings
        case .signatureMissing, .signatureUnproven: .alwaysPossible
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

/// A webhook that was turned away: why, and whether the settings had been proven until then.
///
/// A provider repeats a webhook after a 5xx and drops it after a 401, so 401 is only for what cannot be the provider's.
package struct RefusedWebhook: Error, Hashable, Sendable {
    /// What to answer.
    package enum Answer: Hashable, Sendable {
        /// 401: final for the provider, the webhook is gone.
        case forged
        /// 503 with `Retry-After`: the provider sends it again.
        case repeatLater
    }

    /// Why it was turned away.
    package let reason: WebhookRefusal
    /// Whether some webhook had been verified under the present settings before.
    package let isProven: Bool

    /// A webhook that was turned away.
    ///
    /// - Parameters:
    ///   - reason: why.
    ///   - isProven: whether some webhook had been verified under the present settings before.
    package init(_ reason: WebhookRefusal, isProven: Bool) {
        self.reason = reason
        self.isProven = isProven
    }

    /// What to answer.
    package var answer: Answer {
        switch reason.suspicion {
        case .forgedByForm: .forged
        case .wrongSettings: isProven ? .forged : .repeatLater
        case .alwaysPossible: .repeatLater
        }
    }

    /// Whether the provider may have sent what was refused: it is asked to come again although it was signed, or its
    /// signature had fitted one of our secrets before something else did not.
    package var mayBeGenuine: Bool {
        switch reason {
        case .bodyHashWrong, .issuerWrong, .tooOld: true
        case .signatureMissing: false
        case .addressNotAllowed, .addressUnknown, .tokenMissing, .tokenWrong, .signatureMalformed, .algorithmRefused,
            .signatureWrong, .signatureUnproven:
            answer == .repeatLater
        }
    }

    /// The reason's label; with `_unproven` behind it where only the missing proof makes the answer 503.
    package var label: String { isWaitingForProof ? reason.label + "_unproven" : reason.label }

    /// The reason in words, and what to look at where a setting is the likelier cause.
    package var text: String {
        isWaitingForProof
            ? reason.rawValue + ", and no webhook has been verified yet: is the setting right?" : reason.rawValue
    }

    /// Every refusal that has a label of its own.
    package static let allCases = WebhookRefusal.allCases.flatMap { reason in
        reason.suspicion == .wrongSettings
            ? [RefusedWebhook(reason, isProven: false), RefusedWebhook(reason, isProven: true)]
            : [RefusedWebhook(reason, isProven: false)]
    }

    private var isWaitingForProof: Bool { reason.suspicion == .wrongSettings && !isProven }
}
