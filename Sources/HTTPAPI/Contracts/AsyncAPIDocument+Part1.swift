// Written by scripts/embed-contracts.sh: change docs/asyncapi.yaml instead.
extension AsyncAPIDocument {
    /// Lines from 1 on.
    static let part1 = #"""
        asyncapi: 3.0.0
        id: urn:sms-bridge
        info:
          title: sms-bridge
          version: "1"
          description: >-
            SMS through Vonage, over RabbitMQ: commands come in, and each one's fate, delivery receipts and messages from handsets
            go out as events. Written from sms-bridge's own view: what it receives, others publish, and the other way round. All
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
            title: Commands given up on, and webhooks that were not understood
            description: Reached through the default exchange. They stay until somebody replays or purges them.
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
            title: Events that nobody was bound for
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
                bindingVersion: 0.3.0
          outcomes:
            address: "{outcome}"
            title: The fate of each command
            parameters:
              outcome:
                enum: [accepted, rejected, failed, suppressed, expired, invalid, cancelled, uncertain]
                description: The last word of the event's type. `uncertain` is told once, and another follows.
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
            title: How campaigns stand
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
                examples: [submitted, delivered, rejected, undeliverable]
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
            title: Messages from handsets to a number of ours
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
              event tells the same. A `reply_to` that begins with the prefix of our own names is invalid.
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
              Each recipient becomes one `send.bulk` command. An invalid campaign is told as `sms.outbound.invalid` with the
              campaign's id as `command_id`.
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
          tellOutcome:
            action: send
            channel:
              $ref: "#/channels/outcomes"
            summary: Tell the fate of a command.
            messages:
              - $ref: "#/channels/outcomes/messages/outcome"
            bindings: *sending
          tellCampaign:
            action: send
            channel:
              $ref: "#/channels/campaignStandings"
            summary: Tell how a campaign stands.
            messages:
              - $ref: "#/channels/campaignStandings/messages/campaignStanding"
            bindings: *sending
          tellReceipt:
            action: send
            channel:
              $ref: "#/channels/receipts"
            summary: Hand a delivery receipt on.
            messages:
              - $ref: "#/channels/receipts/messages/receipt"
            bindings: *sending
          tellHandsetMessage:
            action: send
            channel:
              $ref: "#/channels/handsetMessages"
            summary: Hand a message from a handset on.
            messages:
              - $ref: "#/channels/handsetMessages/messages/handsetMessage"
            bindings: *sending
          tellOtherWebhook:
            action: send
            channel:
              $ref: "#/channels/otherWebhooks"
            summary: Hand a webhook of another channel on.
            messages:
              - $ref: "#/channels/otherWebhooks/messages/otherWebhook"
            bindings: *sending
          tellOptOut:
            action: send
            channel:
              $ref: "#/channels/optOuts"
            summary: Tell that a number is written to no more.
            messages:
              - $ref: "#/channels/optOuts/messages/optOutChange"
            bindings: *sending
          tellOptIn:
            action: send
            channel:
              $ref: "#/channels/optIns"
            summary: Tell that a number is written to again.
            messages:
              - $ref: "#/channels/optIns/messages/optOutChange"
            bindings: *sending
          bury:
            action: send
            channel:
              $ref: "#/channels/deadLetters"
            summary: Keep what was given up on, with the reason.
            messages:
              - $ref: "#/channels/deadLetters/messages/deadLetter"
            bindings:
              amqp: { deliveryMode: 2, mandatory: true, bindingVersion: 0.3.0 }
          readDeadLetters:
            action: receive
            channel:
              $ref: "#/channels/deadLetters"
            summary: What `sms-bridge dead` does; a letter is acknowledged when its replay is confirmed, or it is purged.
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

        """#
}
