/// The keys of the log lines' metadata.
package enum BridgeLogKey: String, Sendable {
    /// The command's id.
    case id = "sms.id"
    case correlationID = "sms.correlation_id"
    case campaign = "sms.campaign_id"
    case lane = "sms.lane"
    /// The number of the attempt, from 1.
    case attempt = "sms.attempt"
    /// The command's outcome, where it has one.
    case outcome = "sms.outcome"
    /// The error code of an outcome.
    case code = "sms.code"
    /// What the provider's answer meant.
    case result = "sms.result"
    /// The recipient, masked to the last three digits unless `LOG_PII` is set.
    case to = "sms.to"
    /// The handset that wrote, masked in the same way.
    case from = "sms.from"
    /// Only with `LOG_PII`.
    case text = "sms.text"
    case segments = "sms.segments"
    case durationMS = "sms.duration_ms"
    case waitMS = "sms.wait_ms"
    case problems = "sms.problems"
    case messageUUID = "vonage.message_uuid"
    /// The HTTP status of the provider's answer.
    case status = "vonage.status"
    /// The status that a receipt reports.
    case receipt = "vonage.receipt"
    case requestID = "vonage.request_id"
    case redelivered = "amqp.redelivered"
    case replyTo = "amqp.reply_to"
    case routingKey = "amqp.routing_key"
    /// The step that failed.
    case step = "bridge.step"
    /// How many items a line stands for.
    case count = "bridge.count"
    /// A part of readiness.
    case dependency = "bridge.dependency"
    /// `inbound` or `status`.
    case webhookKind = "webhook.kind"
    /// The message id that the command already has.
    case knownUUID = "vonage.known_message_uuid"
    case tries = "bridge.tries"
    case error = "error"
}
