// Written by scripts/embed-contracts.sh: change docs/asyncapi.yaml instead.
extension AsyncAPIDocument {
    /// Lines from 501 on.
    static let part2 = #"""
                $ref: "#/components/schemas/commandProperties"
              examples:
                - name: smallest
                  summary: All that is needed.
                  payload: { to: "+14155550100", text: Your parcel is here }
                - name: full
                  summary: Every field.
                  headers: { traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 }
                  payload:
                    id: order-17
                    to: +1 (415) 555-0100
                    from: ACME
                    text: Your “parcel” is here
                    client_ref: "17"
                    metadata: { team: shipping }
                    send_at: "2026-11-25T05:00:00+01:00"
                    expires_at: "2026-11-25T12:00:00Z"
                    encoding: auto
                    smart_encoding: true
                    max_segments: 2
                    on_uncertain: fail
                    provider: { entity_id: "1101456324675322134", trusted_recipient: true }
            campaign:
              title: A campaign command
              contentType: application/json
              headers: *commandHeaders
              correlationId: *commandCorrelation
              payload:
                $ref: "#/components/schemas/command-campaign"
              x-amqp-properties: *commandProperties
              examples:
                - name: whole
                  summary: A campaign in one message.
                  payload:
                    id: spring-2026
                    text: Hi {{name}}, your table is ready.
                    recipients: [{ to: "+14155550100", name: Ada }, { to: "+14155550101", name: Grace }]
                - name: part
                  summary: The second of three parts.
                  payload:
                    id: autumn-2026
                    part: 2
                    parts: 3
                    text: We are open again.
                    recipients: ["+14155550100", "+14155550101"]
            cancel:
              title: A cancel command
              contentType: application/json
              payload:
                $ref: "#/components/schemas/command-cancel"
              examples:
                - name: command
                  payload: { id: order-17 }
                - name: campaign
                  payload: { campaign_id: spring-2026 }
            outcome:
              title: The fate of a command
              contentType: application/cloudevents+json
              headers: &eventHeaders
                $ref: "#/components/schemas/eventHeaders"
              correlationId: &eventCorrelation
                $ref: "#/components/correlationIds/event"
              payload:
                $ref: "#/components/schemas/event-outbound"
              x-amqp-properties: &eventProperties
                $ref: "#/components/schemas/eventProperties"
              examples:
                - name: accepted
                  headers: { traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 }
                  payload:
                    specversion: "1.0"
                    id: order-17/accepted
                    source: /sms-bridge
                    type: sms.outbound.accepted
                    subject: order-17
                    time: "2026-11-25T04:00:00.000Z"
                    datacontenttype: application/json
                    data:
                      command_id: order-17
                      to: "+14155550100"
                      from: ACME
                      client_ref: "17"
                      metadata: { team: shipping }
                      attempts: 1
                      segments: 1
                      encoding: gsm7
                      replaced: [{ char: “, by: '"', count: 1 }, { char: ”, by: '"', count: 1 }]
                      message_uuid: aaaaaaaa-bbbb-cccc-dddd-0123456789ab
                - name: rejected
                  payload:
                    specversion: "1.0"
                    id: order-18/rejected
                    source: /sms-bridge
                    type: sms.outbound.rejected
                    subject: order-18
                    time: "2026-11-25T04:00:01.250Z"
                    datacontenttype: application/json
                    data:
                      command_id: order-18
                      to: "+14155550100"
                      from: "+14155550199"
                      attempts: 1
                      segments: 1
                      encoding: gsm7
                      error:
                        code: provider_rejected
                        title: The provider refused the message
                        detail: "Invalid sender"
                        provider:
                          status: 422
                          type: https://developer.vonage.com/api-errors/messages#1120
                          title: Invalid sender
                          detail: "Invalid sender"
                          instance: bf0ca0bf927b3b52e3cb03217e1a1ddf
                - name: invalid
                  payload:
                    specversion: "1.0"
                    id: order-19/invalid/5f2a90c1
                    source: /sms-bridge
                    type: sms.outbound.invalid
                    subject: order-19
                    time: "2026-11-25T04:00:02.000Z"
                    datacontenttype: application/json
                    data:
                      command_id: order-19
                      attempts: 0
                      from: "+14155550199"
                      segments: 1
                      encoding: gsm7
                      error:
                        code: invalid
                        title: The command breaks a rule
                        detail: "to: is required"
                        problems: [{ field: to, problem: is required }]
                - name: uncertain
                  payload:
                    specversion: "1.0"
                    id: order-20/uncertain
                    source: /sms-bridge
                    type: sms.outbound.uncertain
                    subject: order-20
                    time: "2026-11-25T04:00:03.000Z"
                    datacontenttype: application/json
                    data:
                      command_id: order-20
                      to: "+14155550100"
                      from: "+14155550199"
                      attempts: 1
                      segments: 1
                      encoding: gsm7
                      error:
                        code: uncertain
                        title: It is not known whether the message was sent
                        detail: the request was written and no answer came
            campaignStanding:
              title: How a campaign stands
              contentType: application/cloudevents+json
              headers: *eventHeaders
              correlationId: *eventCorrelation
              payload:
                $ref: "#/components/schemas/event-campaign"
              x-amqp-properties: *eventProperties
              examples:
                - name: progress
                  payload:
                    specversion: "1.0"
                    id: campaign/spring-2026/progress/7
                    source: /sms-bridge
                    type: sms.campaign.progress
                    subject: spring-2026
                    time: "2026-11-25T04:00:05.000Z"
                    datacontenttype: application/json
                    data:
                      campaign_id: spring-2026
                      recipients: 1000
                      accepted: 148
                      rejected: 0
                      failed: 0
                      suppressed: 1
                      expired: 0
                      invalid: 1
                      cancelled: 0
                      uncertain: 0
                      pending: 850
                      duplicates: 3
                      state: running
            receipt:
              title: A delivery receipt
              contentType: application/cloudevents+json
              headers: *eventHeaders
              correlationId: *eventCorrelation
              payload:
                $ref: "#/components/schemas/event-status"
              x-amqp-properties: *eventProperties
              examples:
                - name: delivered
                  payload:
                    specversion: "1.0"
                    id: aaaaaaaa-bbbb-cccc-dddd-0123456789ab/delivered/2026-11-25T04:00:02.000Z/
                    source: /sms-bridge
                    type: sms.status.delivered
                    subject: aaaaaaaa-bbbb-cccc-dddd-0123456789ab
                    time: "2026-11-25T04:00:02.125Z"
                    datacontenttype: application/json
                    data:
                      message_uuid: aaaaaaaa-bbbb-cccc-dddd-0123456789ab
                      command_id: order-17
                      status: delivered
                      final: true
                      superseded: false
                      to: "+14155550100"
                      from: "+14155550199"
                      timestamp: "2026-11-25T04:00:02.000Z"
                      usage: { currency: EUR, price: "0.0333" }
                      segments: 1
                      network_code: "310260"
                      provider_status: delivered
                - name: foreign
                  summary: Of a message that was not sent by sms-bridge.
                  payload:
                    specversion: "1.0"
                    id: aaaaaaaa-bbbb-cccc-dddd-0123456789ac/rejected/2026-11-25T04:00:03.000Z/1250
                    source: /sms-bridge
                    type: sms.status.rejected
                    subject: aaaaaaaa-bbbb-cccc-dddd-0123456789ac
                    time: "2026-11-25T04:00:03.500Z"
                    datacontenttype: application/json
                    data:
                      message_uuid: aaaaaaaa-bbbb-cccc-dddd-0123456789ac
                      command_id: null
                      status: rejected
                      final: true
                      superseded: false
                      to: "+14155550100"
                      from: "12345"
                      timestamp: "2026-11-25T04:00:03.000Z"
                      error: { code: "1250", title: Unroutable }
                      provider_status: failed
            handsetMessage:
              title: A message from a handset
              contentType: application/cloudevents+json
              headers: *eventHeaders
              correlationId: *eventCorrelation
              payload:
                $ref: "#/components/schemas/event-inbound-message"
              x-amqp-properties: *eventProperties
              examples:
                - name: message
                  payload:
                    specversion: "1.0"
                    id: aaaaaaaa-bbbb-cccc-dddd-0123456789ad/message
                    source: /sms-bridge
                    type: sms.inbound.message
                    subject: aaaaaaaa-bbbb-cccc-dddd-0123456789ad
                    time: "2026-11-25T04:01:00.080Z"
                    datacontenttype: application/json
                    data:
                      message_uuid: aaaaaaaa-bbbb-cccc-dddd-0123456789ad
                      from: "+14155550100"
                      to: "+14155550199"
                      text: Thank you!
                      keyword: THANK
                      segments: 1
                      timestamp: "2026-11-25T04:01:00.000Z"
                      usage: { currency: EUR, price: "0.0057" }
                      network_code: "310260"
            otherWebhook:
              title: A webhook of another channel
              contentType: application/cloudevents+json
              headers: *eventHeaders
              correlationId: *eventCorrelation
              payload:
                $ref: "#/components/schemas/event-inbound-other"
              x-amqp-properties: *eventProperties
              examples:
                - name: whatsapp
                  payload:
                    specversion: "1.0"
                    id: d:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
                    source: /sms-bridge
                    type: sms.inbound.other
                    time: "2026-11-25T04:02:00.000Z"
                    datacontenttype: application/json
                    data: { channel: whatsapp, from: "14155550100", to: "14155550199", message_type: text, text: Hello }
            optOutChange:
              title: A change of the suppression list
              contentType: application/cloudevents+json
              headers: *eventHeaders
              correlationId: *eventCorrelation
              payload:
                $ref: "#/components/schemas/event-opt-out"
              x-amqp-properties: *eventProperties
              examples:
                - name: stop
                  payload:
                    specversion: "1.0"
                    id: aaaaaaaa-bbbb-cccc-dddd-0123456789ae/opt-out
                    source: /sms-bridge
                    type: sms.inbound.opt-out
                    subject: aaaaaaaa-bbbb-cccc-dddd-0123456789ae
                    time: "2026-11-25T04:03:00.000Z"
                    datacontenttype: application/json
                    data:
                      number: "+14155550100"
                      sender: "+14155550199"
                      keyword: STOP
                      source: keyword
                      message_uuid: aaaaaaaa-bbbb-cccc-dddd-0123456789ae
                      timestamp: "2026-11-25T04:03:00.000Z"
                - name: byHand
                  payload:
                    specversion: "1.0"
                    id: "+14155550100/*/1795579440000/opt-in"
                    source: /sms-bridge
                    type: sms.inbound.opt-in
                    time: "2026-11-25T04:04:00.000Z"
                    datacontenttype: application/json
                    data:
                      number: "+14155550100"
                      sender: "*"
                      source: api
                      timestamp: "2026-11-25T04:04:00.000Z"
            deadLetter:
              title: What was given up on
              description: Body and properties are the original's, whatever they were.
              headers:
                $ref: "#/components/schemas/dead-letter-headers"
              payload: {}
              examples:
                - name: command
                  headers:
                    sms-error-code: retries_exhausted
                    sms-error-detail: "given up after 6 attempts; last: the provider answered 503"
                    sms-attempts: 6
                    sms-first-seen: "2026-11-25T04:00:00.000Z"
                    sms-last-seen: "2026-11-25T04:14:11.000Z"
                    sms-original-exchange: sms.commands
                    sms-original-routing-key: send
                    sms-advice: replay
                  payload: { to: "+14155550100", text: Your parcel is here }
                - name: webhook
                  headers:
                    sms-error-code: invalid
                    sms-error-detail: message_uuid is missing
                    sms-attempts: 0
                    sms-first-seen: "2026-11-25T04:00:00.000Z"
                    sms-last-seen: "2026-11-25T04:00:00.000Z"
                    sms-original-exchange: webhook
                    sms-original-routing-key: /webhooks/status
                    sms-advice: fix
                  payload: { channel: sms, to: "14155550100", status: delivered }
          schemas:
            commandHeaders:
              type: object
              properties:
                traceparent:
                  type: string
                  description: The W3C trace context; carried over to the outcome.
                sms-replay:
                  type: [integer, string]
                  description: Set by `dead replay`, one above the last; lets a settled command be carried out once more.
                sms-force:
                  type: [boolean, string]
                  description: Set by `dead replay --force-resend`; also what may have been sent is sent again.
            eventHeaders:
              type: object
              properties:
                traceparent:
                  type: string
                  description: The command's W3C trace context, where it had one.
            commandProperties:
              type: object
              properties:
                content_type: { const: application/json }
                message_id:
                  type: string
                  pattern: "^[ -~]{1,100}$"
                  description: The idempotency key; wins over the body's `id`, but for the parts of a campaign.
                correlation_id:
                  type: string
                  description: Carried over to the outcome.
                reply_to:
                  type: string
                  pattern: "^(?!sms(\\.|$))"
                  description: Where the final outcome goes besides.
                delivery_mode: { const: 2 }
            eventProperties:
              type: object
              required: [content_type, message_id, type, app_id, timestamp, delivery_mode]
              properties:
                content_type: { const: application/cloudevents+json }
                message_id: { type: string, maxLength: 255, description: The event's `id`. }
                correlation_id: { type: string }
                type: { type: string, description: The event's `type`. }
                app_id: { const: sms-bridge }
                timestamp: { type: integer, description: Seconds since 1970. }
                delivery_mode: { const: 2 }
            command-campaign:
              {
                "title": "A campaign command, or one part of a campaign",
                "description": "One text to many. At most 1 MiB; a larger campaign comes in parts. Unknown fields are ignored; an optional field that is null counts as absent.",
                "type": "object",
                "required": ["text", "recipients"],
                "additionalProperties": true,
                "properties": {
                  "id": {
                    "description": "The campaign's id, where there is no `message_id`; for parts it wins over `message_id`.",
                    "allOf": [{ "$ref": "#/components/schemas/common/$defs/writtenID" }]
                  },
                  "text": {
                    "description": "`{{name}}` is filled from the recipient's own field of that name; there are no other tags.",
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 3200
                  },
                  "from": { "$ref": "#/components/schemas/common/$defs/writtenSender" },
                  "recipients": {
                    "description": "A number that is none is one invalid recipient; one that comes again is dropped and counted.",
                    "type": "array",
                    "minItems": 1,
                    "items": {
                      "anyOf": [
                        { "type": "string" },
                        {
                          "description": "The other fields are for the text's variables: strings, whole numbers or booleans.",
                          "type": "object",
                          "required": ["to"],
                          "additionalProperties": true,
                          "properties": { "to": { "type": "string" } }
                        }
                      ]
                    }
                  },
                  "send_at": {
                    "description": "Nothing is sent before; at most 366 days ahead, and before `expires_at`.",
                    "allOf": [{ "$ref": "#/components/schemas/common/$defs/writtenTime" }]
                  },
                  "expires_at": {
                    "description": "Nothing is sent after.",
                    "allOf": [{ "$ref": "#/components/schemas/common/$defs/writtenTime" }]
                  },
                  "smart_encoding": {
                    "description": "As in a send command.",
                    "type": ["boolean", "null"],
                    "default": false
                  },
                  "max_segments": { "$ref": "#/components/schemas/common/$defs/writtenSegments" },
                  "metadata": { "$ref": "#/components/schemas/common/$defs/writtenMetadata" },
                  "part": {
                    "description": "Which part this is, from 1; it comes together with `parts` and is not above it.",
                    "type": ["integer", "null"],
                    "minimum": 1,
                    "maximum": 10000
                  },
                  "parts": {
                    "description": "In how many parts the campaign comes, each with all fields but its share of the recipients.",
                    "type": ["integer", "null"],
                    "minimum": 1,
                    "maximum": 10000
                  }
                },
                "allOf": [
                  {
                    "if": { "required": ["part"], "properties": { "part": { "type": "integer" } } },
                    "then": { "required": ["parts"], "properties": { "parts": { "type": "integer" } } }
                  },
                  {
                    "if": { "required": ["parts"], "properties": { "parts": { "type": "integer" } } },
                    "then": { "required": ["part"], "properties": { "part": { "type": "integer" } } }
                  }
                ],
                "examples": [
                  { "text": "Hi {{name}}", "recipients": ["+14155550199", { "to": "+14155550100", "name": "Ada" }], "from": "ACME" }
                ]
              }
            command-cancel:
              {
                "title": "A cancel command",
                "description": "Calls back what has not been handed to the provider: one command, or what is left of a campaign. Unknown fields are ignored.",
                "type": "object",
                "additionalProperties": true,
                "oneOf": [
                  {
                    "required": ["id"],
                    "properties": { "id": { "$ref": "#/components/schemas/common/$defs/id" }, "campaign_id": { "type": "null" } }
                  },
                  {
                    "required": ["campaign_id"],
                    "properties": { "campaign_id": { "type": "string", "maxLength": 255 }, "id": { "type": "null" } }
                  }
                ],
                "examples": [{ "id": "order-17" }, { "campaign_id": "spring-2026" }]
              }
            command-send:
              {
                "title": "A send or send.bulk command",
                "description": "Sends one SMS. At most 256 KiB. Unknown fields are ignored; an optional field that is null counts as absent.",
                "type": "object",
                "required": ["to", "text"],
                "additionalProperties": true,

        """#
}
