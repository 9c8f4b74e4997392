import Contracts

/// Vonage's published codes of receipts' errors.
///
/// Codes and titles: Messages API, OpenAPI 1.20.0, `x-errors` (as archived on 2026-10-08), and
/// https://developer.vonage.com/en/api-errors/messages (the same
/// list). Classes and advice are ours, made from their wording on 2026-11-28. The refusals of a request have numbers too, which mean other things: they are not in this table.
extension VonageErrorCode {
    /// Every code, in order; docs/errors.md has the same.
    package static let all: [VonageErrorCode] = [
        .init(
            "1000",
            "Throttled",
            .later,
            "The account sends faster than it may. Lower SEND_RATE, or ask Vonage for more."
        ),
        .init(
            "1010",
            "Missing params",
            .content,
            "A mandatory parameter is missing. Compare the request with Vonage's reference."
        ),
        .init(
            "1020",
            "Invalid params",
            .content,
            "A parameter has a wrong value. Look at the detail, and correct the command."
        ),
        .init("1021", "Invalid tag", .content, "A tag has a wrong value. Correct the command."),
        .init(
            "1022",
            "Invalid template",
            .content,
            "A template or one of its parameters is wrong. Correct the command."
        ),
        .init("1030", "Internal error", .later, "Vonage failed. Send again later."),
        .init(
            "1040",
            "Invalid message",
            .content,
            "Vonage cannot process it, often for an unknown prefix. Check the number and the text."
        ),
        .init(
            "1050",
            "Number barred",
            .recipient,
            "The number may not receive messages from Vonage. Stop writing to it."
        ),
        .init("1060", "Partner account barred", .account, "The account is barred from sending. Ask Vonage's support."),
        .init(
            "1070",
            "Provider quota exceeded",
            .account,
            "A quota or the credit is used up. Top up, or have the quota raised."
        ),
        .init(
            "1080",
            "Account not enabled for REST",
            .account,
            "The account may send by SMPP only. Ask Vonage's support."
        ),
        .init("1090", "Message too long", .content, "The message is too long. Shorten the text."),
        .init("1100", "Communication failed", .later, "Vonage could not hand the message on. Send again later."),
        .init(
            "1120",
            "Illegal sender address",
            .content,
            "The sender is not allowed in that country. Use another `from`, or register it."
        ),
        .init("1130", "Invalid TTL", .content, "The time to live is wrong. Choose another `expires_at`."),
        .init(
            "1140",
            "Facility not allowed",
            .account,
            "The account lacks a facility that the message needs. Ask Vonage's support."
        ),
        .init("1150", "Invalid message class", .content, "The message class is out of range. Correct the command."),
        .init(
            "1160",
            "Non white-listed destination",
            .account,
            "A trial account may write to its own list of numbers only. Add the number in the dashboard, or "
                + "leave the trial."
        ),
        .init("1170", "Invalid recipient", .recipient, "The number is missing or cannot exist. Correct it."),
        .init(
            "1180",
            "Destination temporarily unavailable",
            .later,
            "The handset cannot receive now. Send again later."
        ),
        .init(
            "1190",
            "Absent subscriber, permanent",
            .recipient,
            "The number is not in use any more. Remove it from your data."
        ),
        .init(
            "1200",
            "Portability error",
            .recipient,
            "The number has changed its network and cannot be routed. The subscriber has to ask the carrier."
        ),
        .init(
            "1210",
            "Anti-spam rejection",
            .content,
            "A carrier took the text or the sender for spam. Change the wording, or register the sender."
        ),
        .init("1220", "Handset busy", .later, "The handset was busy. Send again later."),
        .init("1230", "Temporary network failure", .later, "The recipient's network failed. Send again later."),
        .init(
            "1240",
            "Illegal number",
            .recipient,
            "The recipient has sent STOP. sms-bridge puts the number on the suppression list; do not write "
                + "to it any more."
        ),
        .init("1241", "Too many send requests", .later, "Too many requests to numbers. Send more slowly."),
        .init(
            "1242",
            "Number pool does not exist",
            .account,
            "`provider.pool_id` names no pool of the account. Set the pool up."
        ),
        .init(
            "1250",
            "Unroutable",
            .recipient,
            "No route leads to this number's network. Check the number; ask Vonage's support if many are so."
        ),
        .init(
            "1251",
            "Unable to route traffic to a destination",
            .account,
            "The account's routing rules leave out this network. Ask Vonage's support."
        ),
        .init(
            "1260",
            "Destination unreachable",
            .recipient,
            "The message could not be delivered to this number. Check the number."
        ),
        .init("1270", "Subscriber age restriction", .recipient, "The carrier keeps such content from this subscriber."),
        .init(
            "1280",
            "Number blocked by carrier",
            .recipient,
            "The carrier blocks messages to this number, for its plan or its account."
        ),
        .init(
            "1282",
            "Message rejected by provider",
            .content,
            "A provider refuses the content by its policy. Change the text."
        ),
        .init("1290", "Prepaid, insufficient funds", .recipient, "The recipient's prepaid account cannot receive it."),
        .init("1300", "Not part of the provider network", .recipient, "The number is not a user of that network."),
        .init("1310", "Not suitable device", .recipient, "The device cannot receive the message."),
        .init(
            "1320",
            "Message already sent",
            .unknown,
            "Vonage says that the message was sent before. Look the number up in Vonage's logs before you send again."
        ),
        .init(
            "1330",
            "Delivery failed",
            .unknown,
            "A permanent failure without a known cause. Do not send again by program; check the number."
        ),
        .init("1331", "Provider error", .later, "A provider does not answer. Send again in some minutes."),
        .init(
            "1340",
            "Outside of the allowed window",
            .recipient,
            "The recipient has to write first. Channels other than SMS."
        ),
        .init("1350", "Phone matching fee not paid", .account, "A fee of another channel is not paid."),
        .init(
            "1360",
            "Expired",
            .unknown,
            "The message expired before a delivery was known of. The handset may have been off; decide "
                + "whether it is still wanted."
        ),
        .init(
            "1370",
            "Expired access token",
            .account,
            "A login of another channel has expired. Log in anew at Vonage."
        ),
        .init("1380", "Invalid resource", .content, "A resource cannot be fetched. Channels other than SMS."),
        .init("1381", "Resource size is too large", .content, "A file is too large. Channels other than SMS."),
        .init(
            "1382",
            "Unsupported resource type",
            .content,
            "A file has a type that is not supported. Channels other than SMS."
        ),
        .init("1400", "Unsupported channel", .content, "The channel is not supported. sms-bridge sends SMS only."),
        .init(
            "1410",
            "Invalid channel parameters",
            .content,
            "A parameter of the channel is wrong. Look at `provider` in the command."
        ),
        .init("1420", "Invalid sender", .content, "The sender is not valid. Use a number or name of the account."),
        .init("1430", "Invalid recipient", .recipient, "The number is not valid for the channel. Correct it."),
        .init("1431", "Multiple recipients error", .content, "One message has one recipient."),
        .init("1440", "Invalid message type", .content, "The message type is not supported."),
        .init(
            "1450",
            "Invalid client reference",
            .content,
            "The reference is too long. sms-bridge keeps to 40 characters; ask its maintainers."
        ),
        .init(
            "1451",
            "Invalid context",
            .content,
            "The message referred to is not there any more. Channels other than SMS."
        ),
        .init(
            "1460",
            "Daily message limit exceeded",
            .account,
            "A daily limit is reached, as of 10DLC. Send tomorrow, or have the campaign's limit raised."
        ),
        .init(
            "1461",
            "Auto-limiting by the provider",
            .later,
            "The provider spares its users too many messages. Send later. Channels other than SMS."
        ),
        .init(
            "1470",
            "Fraud Defender traffic rule",
            .fraud,
            "A traffic rule of Fraud Defender blocks it. Find out who sends, then change the rule."
        ),
        .init(
            "1472",
            "Fraud Defender SMS burst protection",
            .fraud,
            "Too much traffic at once. Find out who sends; stop the source before you raise the limit."
        ),
        .init(
            "1473",
            "AIT protection",
            .fraud,
            "Artificially inflated traffic is suspected. Look for requests for codes to numbers in a row."
        ),
        .init(
            "1474",
            "Fraud Defender country block",
            .fraud,
            "The country is blocked by Fraud Defender. Compare with ALLOWED_PREFIXES, or allow the country."
        ),
        .init(
            "1475",
            "Fraud Defender network block",
            .fraud,
            "The network is blocked by Fraud Defender. Allow it there if the traffic is yours."
        ),
        .init(
            "1476",
            "Do Not Originate",
            .account,
            "The sender is on a list of numbers that must not send. Use another sender."
        ),
        .init("1480", "Entity filter", .content, "`provider.entity_id` is missing or wrong. Correct it (India, DLT)."),
        .init(
            "1481",
            "Header filter",
            .content,
            "`from` is missing or not the registered header. Correct it (India, DLT)."
        ),
        .init(
            "1482",
            "Content filter",
            .content,
            "`provider.content_id` is missing or wrong. Correct it (India, DLT)."
        ),
        .init(
            "1483",
            "Consent filter",
            .recipient,
            "The recipient's consent is not registered. Get it before you write again."
        ),
        .init(
            "1484",
            "Authentication or compliance failure",
            .account,
            "A check of the regulations failed. Check the sender's registration, or ask Vonage's support."
        ),
        .init(
            "1490",
            "SMS segment timeout",
            .unknown,
            "Not all parts were confirmed in time; some or all may have arrived. Do not send again by program."
        ),
        .init(
            "2001",
            "Fraud protection triggered",
            .fraud,
            "A provider's protection against fraud has stopped it. Look at who sends what."
        ),
        .init("2002", "Email size exceeded", .content, "The payload is too large. Channels other than SMS."),
        .init(
            "2003",
            "Destination unavailable",
            .recipient,
            "The address is on a suppression list of Vonage. Channels other than SMS."
        ),
    ]
}
