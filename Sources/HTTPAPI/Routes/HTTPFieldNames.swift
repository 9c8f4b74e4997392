import HTTPTypes

/// Names of header fields that the library does not know.
extension HTTPField.Name {
    static let rateLimitLimit = named("RateLimit-Limit")
    static let rateLimitRemaining = named("RateLimit-Remaining")
    static let rateLimitReset = named("RateLimit-Reset")
    static let idempotencyKey = named("Idempotency-Key")
    static let prefer = named("Prefer")
    static let preferenceApplied = named("Preference-Applied")
    static let referrerPolicy = named("Referrer-Policy")
    static let crossOriginOpenerPolicy = named("Cross-Origin-Opener-Policy")
    static let traceparent = named("traceparent")

    /// Never falls back on the other name, for those above are tokens (RFC 9110 section 5.6.2).
    private static func named(_ text: String) -> HTTPField.Name { HTTPField.Name(text) ?? .allow }
}
