// Written by scripts/embed-contracts.sh: change docs/asyncapi.yaml instead.

/// docs/asyncapi.yaml, as the binary carries it.
enum AsyncAPIDocument {
    /// The whole document.
    static let text = #"""
        asyncapi: 3.0.0
        id: urn:sms-bridge
        info:
          title: sms-bridge
          version: "1"
          description: >-
            SMS through Vonage, over RabbitMQ: commands come in; their outcomes, delivery receipts and messages from handsets go
            out as events. Written from sms-bridge's own view: what it receives, others publish, and the other way round. All
            exchanges and queues are durable, all queues quorum queues, all messages persistent. Names begin with `AMQP_PREFIX`,
            here its default `sms`. `x-amqp-properties` are the AMQP 0-9-1 properties of a message; `$message.header#/…` names one
            of them.
          license:
            name: Apache-2.0
            url: https://www.apache.org/licenses/LICENSE-2.0
        defaultContentType: application/json
        servers:
          amqp:
            host: "{host}:{port}"
            pathname: "/{vhost}"
            protocol: amqp
            protocolVersion: 0-9-1
            description: RabbitMQ, as `AMQP_URL` names it.
            variables: &address
              host:
                default: localhost
              port:
                default: "5672"
              vhost:
                default: "%2F"
                description: The virtual host, percent-encoded.
            security:
              - $ref: "#/components/securitySchemes/password"
          amqps:
            host: "{host}:{port}"
            pathname: "/{vhost}"
            protocol: amqps
            protocolVersion: 0-9-1
            description: The same over TLS (`?cacertfile=&certfile=&keyfile=&verify=`).
            variables:
              <<: *address
              port:
                default: "5671"
            security:
              - $ref: "#/components/securitySchemes/password"
              - $ref: "#/components/securitySchemes/certificate"

        channels:
          sendCommands:
            address: send
            title: Transactional commands
            description: One-time codes, alerts; served first. Publish mandatory, for this exchange has no alternate.
            messages: &sendMessages
              send:
                $ref: "#/components/messages/send"
            bindings: &commandExchange
              amqp:
                is: routingKey
                exchange: { name: sms.commands, type: direct, durable: true, autoDelete: false, vhost: / }
                bindingVersion: 0.3.0
          bulkCommands:
            address: send.bulk
            title: Campaign and marketing commands
            description: Served with what is left, but never less than a tenth of the rate.
            messages: *sendMessages
            bindings: *commandExchange
          campaignCommands:
            address: campaign
            title: Campaigns
            messages: &campaignMessages
              campaign:
                $ref: "#/components/messages/campaign"
            bindings: *commandExchange
          cancelCommands:
            address: cancel
            title: Cancellations
            messages: &cancelMessages
              cancel:
                $ref: "#/components/messages/cancel"
            bindings: *commandExchange
          sendQueue:
            address: sms.send
            title: Transactional commands, waiting
            messages: *sendMessages
            bindings:
              amqp:
                is: queue
                queue: &workQueue
                  name: sms.send
                  durable: true
                  exclusive: false
                  autoDelete: false
                  vhost: /
                  x-bound-to: { exchange: sms.commands, routingKey: send }
                  x-arguments: &workArguments
                    x-queue-type: quorum
                    x-dead-letter-exchange: ""
                    x-dead-letter-routing-key: sms.dead
                    x-dead-letter-strategy: at-least-once
                    x-overflow: reject-publish
                    x-delivery-limit: 1000
                bindingVersion: 0.3.0
          bulkQueue:
            address: sms.send.bulk
            title: Bulk commands, waiting
            messages: *sendMessages
            bindings:
              amqp:
                is: queue
                queue:
                  <<: *workQueue
                  name: sms.send.bulk
                  x-bound-to: { exchange: sms.commands, routingKey: send.bulk }
                bindingVersion: 0.3.0
          campaignQueue:
            address: sms.campaign
            title: Campaigns, waiting
            messages: *campaignMessages
            bindings:
              amqp:
                is: queue
                queue:
                  <<: *workQueue
                  name: sms.campaign
                  x-bound-to: { exchange: sms.commands, routingKey: campaign }
                bindingVersion: 0.3.0
          cancelQueue:
            address: sms.cancel
            title: Cancellations, waiting
            messages: *cancelMessages
            bindings:
              amqp:
                is: queue
                queue:
                  <<: *workQueue
                  name: sms.cancel
                  x-bound-to: { exchange: sms.commands, routingKey: cancel }
                bindingVersion: 0.3.0
          deadLetters:
            address: sms.dead
            title: Commands that were given up, and webhooks that were not understood
            description: Reached through the default exchange. They stay until they are replayed or purged.
            messages:
              deadLetter:
                $ref: "#/components/messages/deadLetter"
            bindings:
              amqp:
                is: queue
                queue:
                  <<: *workQueue
                  name: sms.dead
                  x-bound-to: { exchange: "", routingKey: sms.dead }
                  x-arguments: { x-queue-type: quorum, x-delivery-limit: 1000000 }
                bindingVersion: 0.3.0
          unrouted:
            address: sms.unrouted
            title: Events without a bound queue
            description: >-
              Bound to the fanout exchange `sms.unrouted`, the alternate exchange of `sms.outbound`, `sms.status` and
              `sms.inbound`. At most 100,000 events and 7 days.
            messages:
              outcome:
                $ref: "#/components/messages/outcome"
              campaignStanding:
                $ref: "#/components/messages/campaignStanding"
              receipt:
                $ref: "#/components/messages/receipt"
              handsetMessage:
                $ref: "#/components/messages/handsetMessage"
              otherWebhook:
                $ref: "#/components/messages/otherWebhook"
              optOutChange:
                $ref: "#/components/messages/optOutChange"
            bindings:
              amqp:
                is: queue
                queue:
                  <<: *workQueue
                  name: sms.unrouted
                  x-bound-to: { exchange: sms.unrouted, routingKey: "" }
                  x-arguments:
                    x-queue-type: quorum
                    x-max-length: 100000
                    x-message-ttl: 604800000
                    x-overflow: drop-head
                    x-delivery-limit: 1000000
                bindingVersion: 0.3.0
          outcomes:
            address: "{outcome}"
            title: The outcome of each command
            parameters:
              outcome:
                enum: [accepted, rejected, failed, suppressed, expired, invalid, cancelled, uncertain]
                description: The last word of the event's type. `uncertain` is published once, and another follows.
            messages:
              outcome:
                $ref: "#/components/messages/outcome"
            bindings: &outboundExchange
              amqp:
                is: routingKey
                exchange:
                  name: sms.outbound
                  type: topic
                  durable: true
                  autoDelete: false
                  vhost: /
                  x-arguments: { alternate-exchange: sms.unrouted }
                bindingVersion: 0.3.0
          campaignStandings:
            address: "campaign.{stage}"
            title: The states of campaigns
            parameters:
              stage:
                enum: [started, progress, completed]
                description: "`progress` comes at most every 5 s."
            messages:
              campaignStanding:
                $ref: "#/components/messages/campaignStanding"
            bindings: *outboundExchange
          receipts:
            address: "{status}.{sender}"
            title: Delivery receipts
            parameters:
              status:
                examples: [submitted, delivered, rejected, undeliverable, overdue]
              sender: &sender
                description: >-
                  The digits of our number without `+`; of any other sender each character outside `A-Z a-z 0-9 _ -` is replaced
                  by `_`.
                examples: ["14155550199", ACME]
            messages:
              receipt:
                $ref: "#/components/messages/receipt"
            bindings:
              amqp:
                is: routingKey
                exchange:
                  name: sms.status
                  type: topic
                  durable: true
                  autoDelete: false
                  vhost: /
                  x-arguments: { alternate-exchange: sms.unrouted }
                bindingVersion: 0.3.0
          handsetMessages:
            address: "message.{sender}"
            title: Messages from handsets to one of our numbers
            parameters:
              sender: *sender
            messages:
              handsetMessage:
                $ref: "#/components/messages/handsetMessage"
            bindings: &inboundExchange
              amqp:
                is: routingKey
                exchange:
                  name: sms.inbound
                  type: topic
                  durable: true
                  autoDelete: false
                  vhost: /
                  x-arguments: { alternate-exchange: sms.unrouted }
                bindingVersion: 0.3.0
          otherWebhooks:
            address: "other.{channel}"
            title: Webhooks of other channels
            parameters:
              channel:
                description: The channel's name, with the same characters as a sender's.
                examples: [whatsapp]
            messages:
              otherWebhook:
                $ref: "#/components/messages/otherWebhook"
            bindings: *inboundExchange
          helpWanted:
            address: "help.{sender}"
            title: Handsets that ask for help
            parameters:
              sender:
                description: As of a message.
                examples: ["14155550199"]
            messages:
              helpRequest:
                $ref: "#/components/messages/helpRequest"
            bindings: *inboundExchange
          optOuts:
            address: "opt-out.{sender}"
            title: Numbers put on the suppression list
            parameters:
              sender: &listedSender
                description: As of a message; `all` for an entry that holds for every sender.
                examples: ["14155550199", all]
            messages: &optOutMessages
              optOutChange:
                $ref: "#/components/messages/optOutChange"
            bindings: *inboundExchange
          optIns:
            address: "opt-in.{sender}"
            title: Numbers taken off the suppression list
            parameters:
              sender: *listedSender
            messages: *optOutMessages
            bindings: *inboundExchange
          replies:
            address: null
            title: Replies
            description: >-
              The queue that a command's `reply_to` names, through the default exchange; direct reply-to works. Best effort: the
              event has the same content. A `reply_to` that begins with the prefix of our own names is invalid.
            messages:
              outcome:
                $ref: "#/components/messages/outcome"
              campaignStanding:
                $ref: "#/components/messages/campaignStanding"
            bindings:
              amqp:
                is: routingKey
                exchange: { name: "", type: default, durable: true, autoDelete: false, vhost: / }
                bindingVersion: 0.3.0

        operations:
          receiveSend:
            action: receive
            channel:
              $ref: "#/channels/sendQueue"
            summary: Send one SMS, once.
            description: Acknowledged when the outcome is confirmed by the broker.
            messages:
              - $ref: "#/channels/sendQueue/messages/send"
            bindings: &receiving
              amqp: { ack: true, bindingVersion: 0.3.0 }
            reply: &outcomeReply
              address: &replyTo
                location: $message.header#/reply_to
                description: The AMQP property `reply_to`. The final outcome goes there, `uncertain` does not.
              channel:
                $ref: "#/channels/replies"
              messages:
                - $ref: "#/channels/replies/messages/outcome"
          receiveBulk:
            action: receive
            channel:
              $ref: "#/channels/bulkQueue"
            summary: Send one SMS, once, with what the other lane leaves.
            messages:
              - $ref: "#/channels/bulkQueue/messages/send"
            bindings: *receiving
            reply: *outcomeReply
          receiveCampaign:
            action: receive
            channel:
              $ref: "#/channels/campaignQueue"
            summary: Send one text to many, each once.
            description: >-
              Each recipient becomes one `send.bulk` command. An invalid campaign has the event `sms.outbound.invalid` with
              the campaign's id as `command_id`.
            messages:
              - $ref: "#/channels/campaignQueue/messages/campaign"
            bindings: *receiving
            reply:
              address:
                <<: *replyTo
                description: The AMQP property `reply_to`. The campaign's end goes there.
              channel:
                $ref: "#/channels/replies"
              messages:
                - $ref: "#/channels/replies/messages/campaignStanding"
                - $ref: "#/channels/replies/messages/outcome"
          receiveCancel:
            action: receive
            channel:
              $ref: "#/channels/cancelQueue"
            summary: Call back what has not been handed to the provider.
            description: >-
              It may overtake its command, and is remembered for 24 hours; on something settled it does nothing. One that breaks
              a rule goes to `sms.dead` and has no event.
            messages:
              - $ref: "#/channels/cancelQueue/messages/cancel"
            bindings: *receiving
          enqueueSend:
            action: send
            channel:
              $ref: "#/channels/sendCommands"
            summary: What the HTTP API and the command line do, as any other publisher.
            messages:
              - $ref: "#/channels/sendCommands/messages/send"
            bindings: &sending
              amqp: { deliveryMode: 2, mandatory: true, timestamp: true, bindingVersion: 0.3.0 }
          enqueueBulk:
            action: send
            channel:
              $ref: "#/channels/bulkCommands"
            summary: What a campaign's fan-out does, and `send --lane bulk`.
            messages:
              - $ref: "#/channels/bulkCommands/messages/send"
            bindings: *sending
          enqueueCampaign:
            action: send
            channel:
              $ref: "#/channels/campaignCommands"
            summary: What the HTTP API and the command line do, cutting large campaigns into parts.
            messages:
              - $ref: "#/channels/campaignCommands/messages/campaign"
            bindings: *sending
          enqueueCancel:
            action: send
            channel:
              $ref: "#/channels/cancelCommands"
            summary: What `DELETE /messages/{id}` and `DELETE /campaigns/{id}` do.
            messages:
              - $ref: "#/channels/cancelCommands/messages/cancel"
            bindings: *sending
          publishOutcome:
            action: send
            channel:
              $ref: "#/channels/outcomes"
            summary: Publish the outcome of a command.
            messages:
              - $ref: "#/channels/outcomes/messages/outcome"
            bindings: *sending
          publishCampaign:
            action: send
            channel:
              $ref: "#/channels/campaignStandings"
            summary: Publish the state of a campaign.
            messages:
              - $ref: "#/channels/campaignStandings/messages/campaignStanding"
            bindings: *sending
          publishReceipt:
            action: send
            channel:
              $ref: "#/channels/receipts"
            summary: Publish a delivery receipt.
            messages:
              - $ref: "#/channels/receipts/messages/receipt"
            bindings: *sending
          publishHandsetMessage:
            action: send
            channel:
              $ref: "#/channels/handsetMessages"
            summary: Publish a message from a handset.
            messages:
              - $ref: "#/channels/handsetMessages/messages/handsetMessage"
            bindings: *sending
          publishHelpRequest:
            action: send
            channel:
              $ref: "#/channels/helpWanted"
            summary: Publish that a handset asks for help.
            messages:
              - $ref: "#/channels/helpWanted/messages/helpRequest"
            bindings: *sending
          publishOtherWebhook:
            action: send
            channel:
              $ref: "#/channels/otherWebhooks"
            summary: Publish a webhook of another channel.
            messages:
              - $ref: "#/channels/otherWebhooks/messages/otherWebhook"
            bindings: *sending
          publishOptOut:
            action: send
            channel:
              $ref: "#/channels/optOuts"
            summary: Publish that a number is put on the suppression list.
            messages:
              - $ref: "#/channels/optOuts/messages/optOutChange"
            bindings: *sending
          publishOptIn:
            action: send
            channel:
              $ref: "#/channels/optIns"
            summary: Publish that a number is taken off the suppression list.
            messages:
              - $ref: "#/channels/optIns/messages/optOutChange"
            bindings: *sending
          deadLetter:
            action: send
            channel:
              $ref: "#/channels/deadLetters"
            summary: Dead-letter what was given up, with the reason.
            messages:
              - $ref: "#/channels/deadLetters/messages/deadLetter"
            bindings:
              amqp: { deliveryMode: 2, mandatory: true, bindingVersion: 0.3.0 }
          readDeadLetters:
            action: receive
            channel:
              $ref: "#/channels/deadLetters"
            summary: What `sms-bridge dead` does; a dead letter is acknowledged when its replay is confirmed, or it is purged.
            messages:
              - $ref: "#/channels/deadLetters/messages/deadLetter"
            bindings: *receiving

        components:
          securitySchemes:
            password:
              type: userPassword
              description: SASL PLAIN, with the user of `AMQP_URL`.
            certificate:
              type: X509
              description: A client certificate.
          correlationIds:
            command:
              location: $message.header#/correlation_id
              description: The AMQP property `correlation_id`; the events carry it, else the command's id.
            event:
              location: $message.header#/correlation_id
              description: >-
                The AMQP property `correlation_id`: the command's, else the command's id; none where an event has no command.
          messages:
            send:
              title: A send command
              contentType: application/json
              headers: &commandHeaders
                $ref: "#/components/schemas/commandHeaders"
              correlationId: &commandCorrelation
                $ref: "#/components/correlationIds/command"
              payload:
                $ref: "#/components/schemas/command-send"
              x-amqp-properties: &commandProperties
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
              title: The outcome of a command
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
              title: The state of a campaign
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
                      source: webhook
                - name: overdue
                  summary: No final receipt came within RECEIPT_OVERDUE. Published once; what comes later is published as ever.
                  payload:
                    specversion: "1.0"
                    id: aaaaaaaa-bbbb-cccc-dddd-0123456789ab/overdue
                    source: /sms-bridge
                    type: sms.status.overdue
                    subject: aaaaaaaa-bbbb-cccc-dddd-0123456789ab
                    time: "2026-11-28T04:00:04.000Z"
                    datacontenttype: application/json
                    data:
                      message_uuid: aaaaaaaa-bbbb-cccc-dddd-0123456789ab
                      command_id: order-17
                      status: overdue
                      final: false
                      superseded: false
                      to: "+14155550100"
                      from: "+14155550199"
                      segments: 1
                      waited_s: 259202
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
                      error: { code: "1250", title: Unroutable, class: recipient }
                      provider_status: failed
                      source: webhook
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
            helpRequest:
              title: A handset asks for help
              description: Besides its message, where that is one of `HELP_KEYWORDS`.
              contentType: application/cloudevents+json
              headers: *eventHeaders
              correlationId: *eventCorrelation
              payload:
                $ref: "#/components/schemas/event-inbound-message"
              x-amqp-properties: *eventProperties
              examples:
                - name: help
                  payload:
                    specversion: "1.0"
                    id: aaaaaaaa-bbbb-cccc-dddd-0123456789af/help
                    source: /sms-bridge
                    type: sms.inbound.help
                    subject: aaaaaaaa-bbbb-cccc-dddd-0123456789af
                    time: "2026-11-25T04:01:30.080Z"
                    datacontenttype: application/json
                    data:
                      message_uuid: aaaaaaaa-bbbb-cccc-dddd-0123456789af
                      from: "+14155550100"
                      to: "+14155550199"
                      text: help
                      keyword: HELP
                      timestamp: "2026-11-25T04:01:30.000Z"
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
              title: A dead letter
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
                    "description": "An invalid number is one invalid recipient; one that comes again is dropped and counted.",
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
                          "properties": { "to": { "description": "The number; as `to` of a send command.", "type": "string" } }
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
                  "window": { "$ref": "#/components/schemas/common/$defs/writtenWindow" },
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
                    "properties": { "campaign_id": { "description": "The campaign's id.", "type": "string", "maxLength": 255 }, "id": { "type": "null" } }
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
                "properties": {
                  "to": { "$ref": "#/components/schemas/common/$defs/writtenNumber" },
                  "text": {
                    "description": "The text, at most 3,200 Unicode scalars.",
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 3200
                  },
                  "from": { "$ref": "#/components/schemas/common/$defs/writtenSender" },
                  "id": {
                    "description": "The idempotency key, where there is no `message_id`; without either the service gives the command a UUID.",
                    "allOf": [{ "$ref": "#/components/schemas/common/$defs/writtenID" }]
                  },
                  "client_ref": {
                    "description": "The caller's own reference, echoed in every event about this message.",
                    "allOf": [{ "$ref": "#/components/schemas/common/$defs/reference" }]
                  },
                  "metadata": { "$ref": "#/components/schemas/common/$defs/writtenMetadata" },
                  "send_at": {
                    "description": "Not sent before; at most 366 days ahead, and before `expires_at`.",
                    "allOf": [{ "$ref": "#/components/schemas/common/$defs/writtenTime" }]
                  },
                  "expires_at": {
                    "description": "Never sent after; what is left of it is also given to the provider.",
                    "allOf": [{ "$ref": "#/components/schemas/common/$defs/writtenTime" }]
                  },
                  "encoding": {
                    "description": "`text` is GSM-7 and makes a text with other characters invalid; `unicode` is UCS-2.",
                    "enum": ["auto", "text", "unicode", null],
                    "default": "auto"
                  },
                  "smart_encoding": {
                    "description": "Replace typographic characters by GSM-7 look-alikes where that saves segments.",
                    "type": ["boolean", "null"],
                    "default": false
                  },
                  "max_segments": { "$ref": "#/components/schemas/common/$defs/writtenSegments" },
                  "on_uncertain": {
                    "description": "What is done when it is not known whether the provider took it.",
                    "enum": ["auto", "resend", "fail", null],
                    "default": "auto"
                  },
                  "window": { "$ref": "#/components/schemas/common/$defs/writtenWindow" },
                  "provider": {
                    "description": "Passed on to the provider as it is.",
                    "type": ["object", "null"],
                    "additionalProperties": true,
                    "properties": {
                      "entity_id": {
                        "description": "The entity's id at the regulator, as India's DLT wants it.",
                        "allOf": [{ "$ref": "#/components/schemas/common/$defs/reference" }]
                      },
                      "content_id": {
                        "description": "The template's id at the regulator.",
                        "allOf": [{ "$ref": "#/components/schemas/common/$defs/reference" }]
                      },
                      "pool_id": {
                        "description": "The pool of numbers that the provider takes the sender from.",
                        "allOf": [{ "$ref": "#/components/schemas/common/$defs/reference" }]
                      },
                      "trusted_recipient": {
                        "description": "Excepts the message from the provider's checks for fraud.",
                        "type": ["boolean", "null"]
                      }
                    }
                  },
                  "campaign_id": {
                    "description": "Set by the fan-out of a campaign.",
                    "allOf": [{ "$ref": "#/components/schemas/common/$defs/reference" }]
                  }
                },
                "examples": [
                  { "to": "+14155550100", "text": "Your code is 123456" }
                ]
              }
            common:
              {
                "title": "What the other schemas share",
                "description": "All schemas here mean the same under 2020-12 and Draft 07, which AsyncAPI's tools read.",
                "$defs": {
                  "cloudEvent": {
                    "description": "A CloudEvents 1.0 envelope in structured JSON mode, as sms-bridge writes it.",
                    "type": "object",
                    "required": ["specversion", "id", "source", "type", "time", "datacontenttype", "data"],
                    "propertyNames": {
                      "enum": ["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"]
                    },
                    "properties": {
                      "specversion": { "const": "1.0" },
                      "id": {
                        "description": "The same whenever the same fact is published again, so that repeats can be dropped.",
                        "type": "string",
                        "minLength": 1,
                        "maxLength": 255
                      },
                      "source": { "const": "/sms-bridge" },
                      "type": { "type": "string", "pattern": "^sms\\.[a-z]+\\.[A-Za-z0-9_-]+$" },
                      "subject": {
                        "description": "The command's or campaign's id, or the provider's id of the message.",
                        "type": "string",
                        "minLength": 1
                      },
                      "time": { "$ref": "#/components/schemas/common/$defs/timestamp" },
                      "datacontenttype": { "const": "application/json" }
                    }
                  },
                  "timestamp": {
                    "description": "RFC 3339 in UTC with milliseconds, as sms-bridge writes it.",
                    "type": "string",
                    "format": "date-time",
                    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$",
                    "examples": ["2026-11-25T04:00:00.000Z"]
                  },
                  "writtenTime": {
                    "description": "RFC 3339 with an offset, as others may write it.",
                    "type": ["string", "null"],
                    "format": "date-time",
                    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
                    "examples": ["2026-11-25T09:30:00+05:30"]
                  },
                  "id": {
                    "description": "A command's or campaign's id: 1 to 100 printable ASCII characters.",
                    "type": "string",
                    "pattern": "^[ -~]{1,100}$"
                  },
                  "writtenID": {
                    "description": "An id that may be left out.",
                    "type": ["string", "null"],
                    "pattern": "^[ -~]{1,100}$"
                  },
                  "reference": {
                    "description": "A word of the caller's or the provider's own.",
                    "type": ["string", "null"],
                    "maxLength": 255
                  },
                  "phoneNumber": {
                    "description": "E.164 with `+`, as sms-bridge writes it.",
                    "type": "string",
                    "pattern": "^\\+[1-9][0-9]{6,14}$",
                    "examples": ["+14155550100"]
                  },
                  "writtenNumber": {
                    "description": "An international number as libphonenumber reads it: `+` may lead; spaces, dots, dashes and brackets of any script are passed over, and so are invisible characters and a bracketed trunk zero. Its length has to be possible in its country. Letters, extensions and decimal fractions are refused.",
                    "type": "string",
                    "minLength": 7,
                    "maxLength": 250,
                    "examples": ["+14155550100", "+44 (0)7700 900123"]
                  },
                  "shortCode": {
                    "type": "string",
                    "pattern": "^[0-9]{3,6}$",
                    "examples": ["12345"]
                  },
                  "senderID": {
                    "description": "An alphanumeric sender id, with at least one letter.",
                    "type": "string",
                    "maxLength": 11,
                    "pattern": "^[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*$",
                    "examples": ["ACME"]
                  },
                  "sender": {
                    "description": "Who a message comes from, as sms-bridge writes it.",
                    "anyOf": [{ "$ref": "#/components/schemas/common/$defs/phoneNumber" }, { "$ref": "#/components/schemas/common/$defs/shortCode" }, { "$ref": "#/components/schemas/common/$defs/senderID" }]
                  },
                  "writtenSender": {
                    "description": "Who a message is to come from; the default is `VONAGE_NUMBER`.",
                    "anyOf": [
                      { "$ref": "#/components/schemas/common/$defs/writtenNumber" },
                      { "$ref": "#/components/schemas/common/$defs/shortCode" },
                      { "$ref": "#/components/schemas/common/$defs/senderID" },
                      { "type": "null" }
                    ]
                  },
                  "party": {
                    "description": "A handset or a sender as the provider names it: a number with `+`, anything else as it stands.",
                    "type": "string",
                    "minLength": 1,
                    "not": { "pattern": "^[1-9][0-9]{6,14}$" },
                    "examples": ["+14155550100", "12345", "ACME"]
                  },
                  "metadata": {
                    "description": "The caller's own, echoed in every event; keys and values together at most 4 KiB of UTF-8.",
                    "type": "object",
                    "additionalProperties": { "type": "string" }
                  },
                  "writtenMetadata": {
                    "description": "Echoed in every event; keys and values together at most 4 KiB of UTF-8.",
                    "type": ["object", "null"],
                    "additionalProperties": { "type": "string" }
                  },
                  "writtenSegments": {
                    "description": "A message that takes more segments is invalid, and nothing is sent.",
                    "type": ["integer", "null"],
                    "minimum": 1
                  },
                  "writtenWindow": {
                    "description": "When the handset may be written to, by the clock of its zone. Outside it the message waits for the next opening; where that is not before `expires_at`, it is expired. A member that looks like a misspelt one is invalid.",
                    "type": ["object", "null"],
                    "required": ["start", "end"],
                    "additionalProperties": true,
                    "properties": {
                      "start": {
                        "description": "The first minute of it.",
                        "type": "string",
                        "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$",
                        "examples": ["09:00"]
                      },
                      "end": {
                        "description": "The first minute behind it; before the start it is the next day's. Not the start itself.",
                        "type": "string",
                        "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
                        "examples": ["20:00"]
                      },
                      "days": {
                        "description": "The days on which it opens; default all.",
                        "type": ["string", "null"],
                        "pattern": "^[A-Za-z]{3}(-[A-Za-z]{3})?([ ,]+[A-Za-z]{3}(-[A-Za-z]{3})?)*$",
                        "examples": ["mon-sat", "mon,wed,fri"]
                      },
                      "tz": {
                        "description": "An IANA zone, or `recipient`, the default: the zone of the number; where its area or country has several, only when the window is open in all of them.",
                        "type": ["string", "null"],
                        "examples": ["recipient", "Europe/Paris"]
                      }
                    }
                  },
                  "segments": {
                    "description": "How many SMS a message takes.",
                    "type": "integer",
                    "minimum": 0
                  },
                  "messageUUID": {
                    "description": "The provider's id of a message.",
                    "type": "string",
                    "minLength": 1
                  },
                  "usage": {
                    "description": "What a message cost; the price is a decimal number as the provider wrote it.",
                    "type": "object",
                    "additionalProperties": false,
                    "properties": {
                      "currency": { "type": "string" },
                      "price": { "type": "string" }
                    }
                  },
                  "warnings": {
                    "description": "Fields that were ignored and look like misspelt ones.",
                    "type": "array",
                    "minItems": 1,
                    "items": {
                      "type": "object",
                      "required": ["field", "problem"],
                      "additionalProperties": false,
                      "properties": {
                        "field": { "description": "The field as it was written.", "type": "string" },
                        "problem": { "description": "Which field may have been meant.", "type": "string", "minLength": 1 }
                      }
                    }
                  },
                  "problem": {
                    "description": "One thing that is wrong with an input.",
                    "type": "object",
                    "required": ["field", "problem"],
                    "additionalProperties": false,
                    "properties": {
                      "field": {
                        "description": "The field's name; `body` for the input as a whole.",
                        "type": "string",
                        "minLength": 1
                      },
                      "problem": { "type": "string", "minLength": 1 }
                    }
                  },
                  "eventError": {
                    "description": "Why a command did not end as accepted.",
                    "type": "object",
                    "required": ["code", "title", "detail"],
                    "additionalProperties": false,
                    "properties": {
                      "code": { "$ref": "#/components/schemas/common/$defs/errorCode" },
                      "title": { "description": "The code in words.", "type": "string", "minLength": 1 },
                      "detail": { "description": "What happened, for people.", "type": "string" },
                      "provider": {
                        "description": "The provider's problem document, as far as there was one (RFC 9457).",
                        "type": "object",
                        "additionalProperties": false,
                        "properties": {
                          "status": { "description": "The HTTP status.", "type": "integer", "minimum": 100, "maximum": 599 },
                          "type": { "type": "string" },
                          "title": { "type": "string" },
                          "detail": { "type": "string" },
                          "instance": { "description": "The provider's trace id.", "type": "string" }
                        }
                      },
                      "problems": {
                        "description": "Every problem of an invalid command; the first hundred of an invalid campaign.",
                        "type": "array",
                        "minItems": 1,
                        "items": { "$ref": "#/components/schemas/common/$defs/problem" }
                      },
                      "problem_count": {
                        "description": "How many problems an invalid campaign has.",
                        "type": "integer",
                        "minimum": 1
                      }
                    }
                  },
                  "errorCode": {
                    "description": "What an error is about.",
                    "enum": [
                      "invalid", "provider_rejected", "retries_exhausted", "too_old", "uncertain", "opted_out", "destination_denied",
                      "expired", "cancelled", "poison"
                    ]
                  }
                }
              }
            dead-letter-headers:
              {
                "title": "The headers of a dead letter",
                "description": "The headers that a message in sms.dead has in addition; its own headers are kept beside them. One that the broker itself has put there, after too many deliveries, has the broker's `x-death` alone.",
                "type": "object",
                "additionalProperties": true,
                "properties": {
                  "sms-error-code": { "$ref": "#/components/schemas/common/$defs/errorCode" },
                  "sms-error-detail": { "description": "The first 4,000 characters.", "type": "string" },
                  "sms-attempts": { "description": "Requests made at the provider.", "type": "integer", "minimum": 0 },
                  "sms-first-seen": { "$ref": "#/components/schemas/common/$defs/timestamp" },
                  "sms-last-seen": { "$ref": "#/components/schemas/common/$defs/timestamp" },
                  "sms-original-exchange": {
                    "description": "`webhook` for a webhook that was not understood.",
                    "type": "string"
                  },
                  "sms-original-routing-key": {
                    "description": "The routing key; the path of a webhook.",
                    "type": "string"
                  },
                  "sms-advice": {
                    "description": "`replay`: it can work now. `fix`: correct it first. `never`: the handset may have its message.",
                    "enum": ["replay", "fix", "never"]
                  },
                  "sms-replay": {
                    "description": "How often it has been replayed; absent for one that has not.",
                    "type": ["integer", "string"]
                  }
                },
                "anyOf": [
                  {
                    "required": [
                      "sms-error-code", "sms-error-detail", "sms-attempts", "sms-first-seen", "sms-last-seen",
                      "sms-original-exchange", "sms-original-routing-key", "sms-advice"
                    ]
                  },
                  { "required": ["x-death"] }
                ],
                "if": { "required": ["sms-error-code"], "properties": { "sms-error-code": { "const": "uncertain" } } },
                "then": { "properties": { "sms-advice": { "const": "never" } } }
              }
            event-campaign:
              {
                "title": "sms.campaign.<started|progress|completed>",
                "description": "The state of a campaign. The outcomes and `pending` add up to `recipients`.",
                "type": "object",
                "required": ["subject"],
                "properties": {
                  "type": { "enum": ["sms.campaign.started", "sms.campaign.progress", "sms.campaign.completed"] },
                  "data": {
                    "type": "object",
                    "required": [
                      "campaign_id", "recipients", "accepted", "rejected", "failed", "suppressed", "expired", "invalid", "cancelled",
                      "uncertain", "pending", "duplicates", "state"
                    ],
                    "additionalProperties": false,
                    "properties": {
                      "campaign_id": { "$ref": "#/components/schemas/common/$defs/id" },
                      "recipients": { "description": "Unique numbers.", "type": "integer", "minimum": 0 },
                      "accepted": { "description": "Recipients with this outcome.", "type": "integer", "minimum": 0 },
                      "rejected": { "description": "Recipients with this outcome.", "type": "integer", "minimum": 0 },
                      "failed": { "description": "Recipients with this outcome.", "type": "integer", "minimum": 0 },
                      "suppressed": { "description": "Recipients with this outcome.", "type": "integer", "minimum": 0 },
                      "expired": { "description": "Recipients with this outcome.", "type": "integer", "minimum": 0 },
                      "invalid": { "description": "Recipients with this outcome.", "type": "integer", "minimum": 0 },
                      "cancelled": { "description": "Recipients with this outcome.", "type": "integer", "minimum": 0 },
                      "uncertain": {
                        "description": "Recipients of whom it is not known yet whether their message was sent.",
                        "type": "integer",
                        "minimum": 0
                      },
                      "pending": { "description": "Recipients without an outcome.", "type": "integer", "minimum": 0 },
                      "duplicates": { "description": "How often a number came again.", "type": "integer", "minimum": 0 },
                      "state": { "enum": ["running", "paused", "cancelling", "completed", "cancelled"] },
                      "resumes_at": {
                        "description": "When the first window opens; only in progress, where all that is in the lane waits for its window.",
                        "allOf": [{ "$ref": "#/components/schemas/common/$defs/timestamp" }]
                      },
                      "id_reused": {
                        "description": "Only in a reply: the id came with another campaign before; this is the first one's end.",
                        "const": true
                      },
                      "warnings": { "$ref": "#/components/schemas/common/$defs/warnings" }
                    }
                  }
                },
                "allOf": [
                  { "$ref": "#/components/schemas/common/$defs/cloudEvent" },
                  {
                    "if": { "properties": { "type": { "const": "sms.campaign.completed" } } },
                    "then": {
                      "properties": {
                        "data": {
                          "properties": {
                            "state": { "enum": ["completed", "cancelled"] },
                            "pending": { "const": 0 },
                            "uncertain": { "const": 0 }
                          }
                        }
                      }
                    },
                    "else": { "properties": { "data": { "not": { "required": ["id_reused"] } } } }
                  }
                ]
              }
            event-inbound-message:
              {
                "title": "sms.inbound.<message|help>",
                "description": "A message from a handset, or one part of it; as help besides, where it is one of the words that ask for help.",
                "type": "object",
                "required": ["subject"],
                "properties": {
                  "type": { "enum": ["sms.inbound.message", "sms.inbound.help"] },
                  "data": {
                    "type": "object",
                    "required": ["message_uuid", "from", "to", "text", "timestamp"],
                    "additionalProperties": false,
                    "properties": {
                      "message_uuid": { "$ref": "#/components/schemas/common/$defs/messageUUID" },
                      "from": { "description": "The handset.", "allOf": [{ "$ref": "#/components/schemas/common/$defs/party" }] },
                      "to": { "description": "Our number.", "allOf": [{ "$ref": "#/components/schemas/common/$defs/party" }] },
                      "text": { "description": "What it says; empty for a binary message.", "type": "string" },
                      "data_hex": {
                        "description": "The bytes of a binary message in hexadecimal; only the older API has them.",
                        "type": "string",
                        "minLength": 1
                      },
                      "keyword": { "description": "The first word in capitals, as the provider gives it.", "type": "string" },
                      "segments": { "$ref": "#/components/schemas/common/$defs/segments" },
                      "timestamp": { "$ref": "#/components/schemas/common/$defs/timestamp" },
                      "usage": { "$ref": "#/components/schemas/common/$defs/usage" },
                      "network_code": { "description": "The sender's network, MCC and MNC.", "type": "string" },
                      "part": {
                        "description": "Which part of a long message this is; only the older API hands parts on one by one.",
                        "type": "object",
                        "required": ["reference", "number", "total"],
                        "additionalProperties": false,
                        "properties": {
                          "reference": { "description": "Common to all parts of a message.", "type": "string", "minLength": 1 },
                          "number": { "description": "From 1.", "type": "integer", "minimum": 1 },
                          "total": { "type": "integer", "minimum": 1 }
                        }
                      }
                    }
                  }
                },
                "allOf": [{ "$ref": "#/components/schemas/common/$defs/cloudEvent" }]
              }
            event-inbound-other:
              {
                "title": "sms.inbound.other",
                "description": "A webhook of another channel. It has no subject, and its `data` is the payload as it came.",
                "type": "object",
                "not": { "required": ["subject"] },
                "properties": {
                  "type": { "const": "sms.inbound.other" },
                  "data": { "type": "object", "additionalProperties": true }
                },
                "allOf": [{ "$ref": "#/components/schemas/common/$defs/cloudEvent" }]
              }
            event-opt-out:
              {
                "title": "sms.inbound.<opt-out|opt-in>",
                "description": "A change of the suppression list. The subject is the message that asked for it, where one did.",
                "type": "object",
                "properties": {
                  "type": { "enum": ["sms.inbound.opt-out", "sms.inbound.opt-in"] },
                  "data": {
                    "type": "object",
                    "required": ["number", "sender", "source", "timestamp"],
                    "additionalProperties": false,
                    "properties": {
                      "number": { "description": "The handset.", "allOf": [{ "$ref": "#/components/schemas/common/$defs/party" }] },
                      "sender": {
                        "description": "Our sender, or `*` for all of them.",
                        "anyOf": [{ "$ref": "#/components/schemas/common/$defs/party" }, { "const": "*" }]
                      },
                      "keyword": { "description": "What was written.", "type": "string", "minLength": 1 },
                      "source": { "enum": ["keyword", "api", "import", "provider"] },
                      "message_uuid": { "$ref": "#/components/schemas/common/$defs/messageUUID" },
                      "timestamp": { "$ref": "#/components/schemas/common/$defs/timestamp" }
                    },
                    "if": { "properties": { "source": { "const": "keyword" } } },
                    "then": { "required": ["keyword", "message_uuid"] }
                  }
                },
                "allOf": [{ "$ref": "#/components/schemas/common/$defs/cloudEvent" }]
              }
            event-outbound:
              {
                "title": "sms.outbound.<outcome>",
                "description": "The outcome of a command.",
                "type": "object",
                "required": ["subject"],
                "properties": {
                  "type": {
                    "enum": [
                      "sms.outbound.accepted", "sms.outbound.rejected", "sms.outbound.failed", "sms.outbound.suppressed",
                      "sms.outbound.expired", "sms.outbound.invalid", "sms.outbound.cancelled", "sms.outbound.uncertain"
                    ]
                  },
                  "data": {
                    "type": "object",
                    "required": ["command_id", "attempts"],
                    "additionalProperties": false,
                    "properties": {
                      "command_id": { "$ref": "#/components/schemas/common/$defs/id" },
                      "to": { "$ref": "#/components/schemas/common/$defs/phoneNumber" },
                      "from": { "$ref": "#/components/schemas/common/$defs/sender" },
                      "client_ref": { "description": "The command's.", "type": "string", "maxLength": 255 },
                      "metadata": { "$ref": "#/components/schemas/common/$defs/metadata" },
                      "campaign_id": { "description": "The campaign that it belongs to.", "type": "string", "maxLength": 255 },
                      "attempts": {
                        "description": "Requests made at the provider; a 429 does not count; 0 when nothing was sent.",
                        "type": "integer",
                        "minimum": 0
                      },
                      "segments": { "$ref": "#/components/schemas/common/$defs/segments" },
                      "encoding": { "description": "How the text is encoded; it decides the segments.", "enum": ["gsm7", "ucs2"] },
                      "replaced": {
                        "description": "What smart encoding changed.",
                        "type": "array",
                        "minItems": 1,
                        "items": {
                          "type": "object",
                          "required": ["char", "by", "count"],
                          "additionalProperties": false,
                          "properties": {
                            "char": { "description": "What stood there.", "type": "string", "minLength": 1 },
                            "by": { "description": "What stands there now.", "type": "string" },
                            "count": { "description": "How often.", "type": "integer", "minimum": 1 }
                          }
                        }
                      },
                      "message_uuid": { "$ref": "#/components/schemas/common/$defs/messageUUID" },
                      "error": { "$ref": "#/components/schemas/common/$defs/eventError" },
                      "id_reused": {
                        "description": "The id came with another body before; this is the first one's outcome.",
                        "const": true
                      },
                      "warnings": { "$ref": "#/components/schemas/common/$defs/warnings" }
                    }
                  }
                },
                "allOf": [
                  { "$ref": "#/components/schemas/common/$defs/cloudEvent" },
                  {
                    "if": { "properties": { "type": { "const": "sms.outbound.accepted" } } },
                    "then": {
                      "properties": {
                        "data": {
                          "required": ["message_uuid", "to", "from", "segments", "encoding"],
                          "not": { "required": ["error"] }
                        }
                      }
                    },
                    "else": {
                      "properties": { "data": { "required": ["error"], "not": { "required": ["message_uuid"] } } }
                    }
                  },
                  {
                    "if": { "properties": { "type": { "const": "sms.outbound.rejected" } } },
                    "then": { "$ref": "#/components/schemas/event-outbound/$defs/rejected" }
                  },
                  {
                    "if": { "properties": { "type": { "const": "sms.outbound.failed" } } },
                    "then": { "$ref": "#/components/schemas/event-outbound/$defs/failed" }
                  },
                  {
                    "if": { "properties": { "type": { "const": "sms.outbound.suppressed" } } },
                    "then": { "$ref": "#/components/schemas/event-outbound/$defs/suppressed" }
                  },
                  {
                    "if": { "properties": { "type": { "const": "sms.outbound.expired" } } },
                    "then": { "$ref": "#/components/schemas/event-outbound/$defs/expired" }
                  },
                  {
                    "if": { "properties": { "type": { "const": "sms.outbound.invalid" } } },
                    "then": { "$ref": "#/components/schemas/event-outbound/$defs/invalid" },
                    "else": { "$ref": "#/components/schemas/event-outbound/$defs/withoutProblems" }
                  },
                  {
                    "if": { "properties": { "type": { "const": "sms.outbound.cancelled" } } },
                    "then": { "$ref": "#/components/schemas/event-outbound/$defs/cancelled" }
                  },
                  {
                    "if": { "properties": { "type": { "const": "sms.outbound.uncertain" } } },
                    "then": { "$ref": "#/components/schemas/event-outbound/$defs/uncertain" }
                  }
                ],
                "$defs": {
                  "rejected": {
                    "properties": {
                      "data": {
                        "properties": {
                          "error": { "properties": { "code": { "enum": ["provider_rejected", "destination_denied"] } } }
                        }
                      }
                    }
                  },
                  "failed": {
                    "properties": {
                      "data": {
                        "properties": {
                          "error": { "properties": { "code": { "enum": ["retries_exhausted", "too_old", "uncertain", "poison"] } } }
                        }
                      }
                    }
                  },
                  "suppressed": {
                    "properties": { "data": { "properties": { "error": { "properties": { "code": { "const": "opted_out" } } } } } }
                  },
                  "expired": {
                    "properties": { "data": { "properties": { "error": { "properties": { "code": { "const": "expired" } } } } } }
                  },
                  "invalid": {
                    "properties": {
                      "data": {
                        "properties": {
                          "error": { "required": ["problems"], "properties": { "code": { "const": "invalid" } } }
                        }
                      }
                    }
                  },
                  "withoutProblems": {
                    "properties": {
                      "data": {
                        "properties": {
                          "error": { "not": { "anyOf": [{ "required": ["problems"] }, { "required": ["problem_count"] }] } }
                        }
                      }
                    }
                  },
                  "cancelled": {
                    "properties": { "data": { "properties": { "error": { "properties": { "code": { "const": "cancelled" } } } } } }
                  },
                  "uncertain": {
                    "properties": { "data": { "properties": { "error": { "properties": { "code": { "const": "uncertain" } } } } } }
                  }
                }
              }
            event-status:
              {
                "title": "sms.status.<status>",
                "description": "A delivery receipt; overdue is the service's own, when none that is final came in time.",
                "type": "object",
                "required": ["subject"],
                "properties": {
                  "type": { "type": "string", "pattern": "^sms\\.status\\.[A-Za-z0-9_-]{1,100}$" },
                  "data": {
                    "type": "object",
                    "required": ["message_uuid", "command_id", "status", "final", "superseded"],
                    "additionalProperties": false,
                    "properties": {
                      "message_uuid": { "$ref": "#/components/schemas/common/$defs/messageUUID" },
                      "command_id": {
                        "description": "null for a message that was not sent by sms-bridge.",
                        "anyOf": [{ "$ref": "#/components/schemas/common/$defs/id" }, { "type": "null" }]
                      },
                      "status": {
                        "description": "In the words of the Messages API, in lower case; others than these may come.",
                        "type": "string",
                        "minLength": 1,
                        "examples": ["submitted", "delivered", "rejected", "undeliverable", "overdue"]
                      },
                      "final": {
                        "description": "Whether nothing else is to be expected: delivered, rejected, undeliverable.",
                        "type": "boolean"
                      },
                      "superseded": {
                        "description": "Whether a later or a final status had been seen before.",
                        "type": "boolean"
                      },
                      "to": { "$ref": "#/components/schemas/common/$defs/party" },
                      "from": { "$ref": "#/components/schemas/common/$defs/party" },
                      "client_ref": {
                        "description": "The command's; for a message that was not sent by sms-bridge, the reference that it was given.",
                        "type": "string"
                      },
                      "metadata": { "$ref": "#/components/schemas/common/$defs/metadata" },
                      "campaign_id": { "description": "The campaign that it belongs to.", "type": "string", "maxLength": 255 },
                      "timestamp": {
                        "description": "The provider's time; absent where it gave none that can be read.",
                        "allOf": [{ "$ref": "#/components/schemas/common/$defs/timestamp" }]
                      },
                      "error": {
                        "description": "It may stand beside any status; the status decides.",
                        "type": "object",
                        "required": ["code"],
                        "additionalProperties": false,
                        "properties": {
                          "code": { "description": "The provider's code.", "type": "string", "minLength": 1 },
                          "title": { "type": "string" },
                          "detail": { "type": "string" },
                          "instance": { "description": "The provider's trace id.", "type": "string" },
                          "class": {
                            "description": "What to do about it, from the provider's published codes; docs/errors.md has them.",
                            "enum": ["later", "account", "recipient", "content", "fraud", "unknown"]
                          }
                        }
                      },
                      "usage": { "$ref": "#/components/schemas/common/$defs/usage" },
                      "segments": { "$ref": "#/components/schemas/common/$defs/segments" },
                      "network_code": { "description": "The recipient's network, MCC and MNC.", "type": "string" },
                      "provider_status": {
                        "description": "The status as received; absent in overdue, which is not the provider's.",
                        "type": "string",
                        "minLength": 1
                      },
                      "source": {
                        "description": "webhook, or reports where the provider was asked for it (RECONCILE); absent in overdue.",
                        "enum": ["webhook", "reports"]
                      },
                      "certainty": {
                        "description": "unknown: the provider reports a failure, and the handset may have the message, or a part of it.",
                        "enum": ["unknown"]
                      },
                      "waited_s": {
                        "description": "In overdue: for how many seconds after the acceptance no final receipt had come.",
                        "type": "integer",
                        "minimum": 0
                      }
                    },
                    "allOf": [
                      {
                        "if": { "properties": { "status": { "enum": ["delivered", "rejected", "undeliverable"] } } },
                        "then": { "properties": { "final": { "const": true } } },
                        "else": { "properties": { "final": { "const": false } } }
                      },
                      {
                        "if": { "properties": { "status": { "const": "overdue" } } },
                        "then": { "required": ["waited_s"], "properties": { "provider_status": false, "source": false } },
                        "else": { "required": ["provider_status", "source"], "properties": { "waited_s": false } }
                      }
                    ]
                  }
                },
                "allOf": [{ "$ref": "#/components/schemas/common/$defs/cloudEvent" }]
              }

        """#
}
