// Written by scripts/embed-contracts.sh: change docs/openapi.yaml instead.

/// docs/openapi.yaml, as the binary carries it.
enum OpenAPIDocument {
    /// The whole document.
    static let text = #"""
        openapi: 3.1.0
        info:
          title: sms-bridge
          version: "1"
          summary: SMS through Vonage, over RabbitMQ.
          description: >-
            What sms-bridge serves over HTTP. Every message that is sent here is a command on RabbitMQ (`sms.commands`), so all
            that docs/send-api.md and the AsyncAPI document say about commands and outcomes holds for it.
            Every problem is `application/problem+json` (RFC 9457) with the members of `Problem`. `HEAD` is answered wherever
            `GET` is, without a body; at the webhooks' addresses it has no effect.
          license:
            name: Apache-2.0
            identifier: Apache-2.0
        servers:
          - url: http://localhost:3000
            description: The default address.
        security:
          - apiKey: []
        tags:
          - name: messages
            description: Sending single messages.
          - name: campaigns
            description: One text to many recipients.
          - name: opt-outs
            description: The suppression list.
          - name: console
            description: The page about the service, and what it shows.
          - name: webhooks
            description: The addresses that the provider calls.
          - name: health
            description: The state of the service.
          - name: contracts
            description: These documents.
        paths:
          /send-sms:
            post:
              tags: [messages]
              operationId: sendSMS
              summary: Send one SMS and wait for its outcome.
              description: >-
                Enqueues one command and waits for its outcome. Limited in number (`API_RATE_LIMIT`) for each API key, or for each
                address where there are no keys; every answer but 401, 403 and the 429 for too many wrong keys has the `RateLimit-*` fields.
              parameters:
                - name: Idempotency-Key
                  in: header
                  description: >-
                    Becomes the command's id: a request that is repeated with it is sent once and answered alike. With another
                    body it is answered 422. Ids that begin with `c:` belong to campaigns. It is sent as it is, or as a quoted
                    string (RFC 9651, section 3.3.3), whose quotes do not count.
                  schema:
                    type: string
                    pattern: '^(?!"?c:)([ !#-~][ -~]{0,99}|"([ !#-\[\]-~]|\\["\\]){1,100}")$'
                - name: Prefer
                  in: header
                  description: >-
                    `wait=N` waits so many seconds, at most 60, for the outcome; `respond-async` waits for none (RFC 7240).
                    Default 10 seconds.
                  schema:
                    type: string
                  examples:
                    longer:
                      value: wait=30
                    none:
                      value: respond-async
                - name: traceparent
                  in: header
                  description: The W3C trace context, handed on to the events.
                  schema:
                    type: string
              requestBody:
                required: true
                description: At most 256 KiB.
                content:
                  application/json:
                    schema:
                      $ref: "#/components/schemas/SendRequest"
                    examples:
                      tutorial:
                        value:
                          to: "+14155550100"
                          message: Hello
              responses:
                "200":
                  description: The provider took the message.
                  headers:
                    Location:
                      $ref: "#/components/headers/Location"
                    Preference-Applied:
                      $ref: "#/components/headers/PreferenceApplied"
                    RateLimit-Limit:
                      $ref: "#/components/headers/RateLimitLimit"
                    RateLimit-Remaining:
                      $ref: "#/components/headers/RateLimitRemaining"
                    RateLimit-Reset:
                      $ref: "#/components/headers/RateLimitReset"
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/Sent"
                "202":
                  description: The broker has the message, and no outcome came within the wait.
                  headers:
                    Location:
                      $ref: "#/components/headers/Location"
                    Preference-Applied:
                      $ref: "#/components/headers/PreferenceApplied"
                  content:
                    application/json:
                      schema:
                        type: object
                        required: [id, status]
                        properties:
                          id:
                            $ref: "#/components/schemas/ID"
                          status:
                            const: pending
                "400":
                  $ref: "#/components/responses/BadInput"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "413":
                  $ref: "#/components/responses/TooLong"
                "422":
                  description: >-
                    The message ended otherwise (refused, failed, expired, cancelled, opted out), or the key was used before with
                    another body (code `id_reused`).
                  headers:
                    Location:
                      $ref: "#/components/headers/Location"
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/SendFailure"
                "429":
                  $ref: "#/components/responses/TooMany"
                "503":
                  description: >-
                    The broker did not confirm the message. It may have it all the same: send it again with the problem's `id` as
                    `Idempotency-Key`, and it is sent once.
                  headers:
                    Retry-After:
                      $ref: "#/components/headers/RetryAfter"
                  content:
                    application/problem+json:
                      schema:
                        $ref: "#/components/schemas/Problem"
          /messages:
            get:
              tags: [messages]
              operationId: listMessages
              summary: Look for messages, newest first.
              description: >-
                Messages are known for `RECORD_RETENTION`; no text is kept. Every answer looks at a bounded number of messages,
                so a page can be short, even empty, while there is a `next`. A search by `to` is the fastest one. Messages that
                were taken before the service had this search are not found by `to`.
              parameters:
                - name: to
                  in: query
                  description: The recipient, E.164.
                  schema:
                    type: string
                - name: from
                  in: query
                  description: The sender, which is a number, a short code or a name.
                  schema:
                    type: string
                - name: state
                  in: query
                  description: The state, or the outcome.
                  schema:
                    $ref: "#/components/schemas/MessageState"
                - name: campaign_id
                  in: query
                  description: The campaign that it belongs to.
                  schema:
                    type: string
                - name: since
                  in: query
                  description: Taken then or later.
                  schema:
                    type: string
                    format: date-time
                - name: until
                  in: query
                  description: Taken before then.
                  schema:
                    type: string
                    format: date-time
                - name: limit
                  in: query
                  description: How many items the answer has at most.
                  schema:
                    type: integer
                    minimum: 1
                    maximum: 200
                    default: 50
                - name: cursor
                  in: query
                  description: The `next` of the page before.
                  schema:
                    type: string
              responses:
                "200":
                  description: A page.
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/MessagePage"
                "400":
                  $ref: "#/components/responses/BadInput"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
          /messages/{id}/timeline:
            parameters:
              - name: id
                in: path
                required: true
                description: The command's id, percent-encoded.
                schema:
                  $ref: "#/components/schemas/ID"
            get:
              tags: [messages]
              operationId: getTimeline
              summary: Everything that is known of a message, in order.
              description: >-
                From taken to its last receipt: each attempt, wait and decision with its reason. Of a very long history the
                first and the last entries are kept, and `omitted` says how many are left out. Empty for a message that is still
                in its queue.
              responses:
                "200":
                  description: The timeline.
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/Timeline"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "404":
                  $ref: "#/components/responses/NotFound"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
          /messages/{id}:
            parameters:
              - name: id
                in: path
                required: true
                description: The command's id, percent-encoded.
                schema:
                  $ref: "#/components/schemas/ID"
            get:
              tags: [messages]
              operationId: getMessage
              summary: The state of a message, with its delivery receipts.
              responses:
                "200":
                  description: The message.
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/Message"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "404":
                  $ref: "#/components/responses/NotFound"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
            delete:
              tags: [messages]
              operationId: cancelMessage
              summary: Call a message back that has not been handed to the provider yet.
              description: >-
                The cancellation goes through the broker; the message's state shows whether it was in time. It may overtake its
                message: one for an unknown id is remembered for 24 hours.
              responses:
                "202":
                  description: The broker has the cancellation.
                  headers:
                    Location:
                      $ref: "#/components/headers/Location"
                  content:
                    application/json:
                      schema:
                        type: object
                        required: [id, status]
                        properties:
                          id:
                            $ref: "#/components/schemas/ID"
                          status:
                            const: cancelling
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "404":
                  $ref: "#/components/responses/NotFound"
                "409":
                  description: The message is settled already.
                  content:
                    application/problem+json:
                      schema:
                        $ref: "#/components/schemas/Problem"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
          /send-campaign:
            post:
              tags: [campaigns]
              operationId: sendCampaign
              summary: Send one text to many recipients and wait for the end.
              description: >-
                Enqueues a campaign and waits until every recipient has an outcome. Limited in number like `/send-sms`. All is
                checked before anything is enqueued; an invalid number stops no other, and is one result without success.
              parameters:
                - name: Idempotency-Key
                  in: header
                  description: >-
                    Becomes the campaign's id: a request that is repeated with it is carried out once and answered alike. With
                    another body it is answered 422. Ids that begin with `c:` belong to campaigns' own messages. It is sent
                    as it is, or as a quoted string (RFC 9651, section 3.3.3), whose quotes do not count.
                  schema:
                    type: string
                    pattern: '^(?!"?c:)([ !#-~][ -~]{0,99}|"([ !#-\[\]-~]|\\["\\]){1,100}")$'
                - name: Prefer
                  in: header
                  description: >-
                    `wait=N` waits so many seconds, at most 60, for the end; `respond-async` waits for none (RFC 7240). Default 10
                    seconds.
                  schema:
                    type: string
                - name: traceparent
                  in: header
                  description: The W3C trace context, handed on to the events.
                  schema:
                    type: string
              requestBody:
                required: true
                description: At most 16 MiB, 100,000 recipients, and 256 KiB for one recipient and for all other fields together.
                content:
                  application/json:
                    schema:
                      $ref: "#/components/schemas/CampaignRequest"
                    examples:
                      tutorial:
                        value:
                          recipients: ["+14155550100", { to: "+14155550101", name: Ada }]
                          message: Hello
              responses:
                "200":
                  description: It is over, and the provider took every message.
                  headers:
                    Location:
                      $ref: "#/components/headers/Location"
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/CampaignResults"
                "202":
                  description: The broker has the campaign, and it was not over within the wait.
                  headers:
                    Location:
                      $ref: "#/components/headers/Location"
                    Preference-Applied:
                      $ref: "#/components/headers/PreferenceApplied"
                  content:
                    application/json:
                      schema:
                        type: object
                        required: [id, status]
                        properties:
                          id:
                            $ref: "#/components/schemas/ID"
                          status:
                            const: pending
                "207":
                  description: It is over, and some messages were not taken.
                  headers:
                    Location:
                      $ref: "#/components/headers/Location"
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/CampaignResults"
                "400":
                  $ref: "#/components/responses/BadInput"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "413":
                  $ref: "#/components/responses/TooLong"
                "422":
                  description: The key was used before, with another body.
                  content:
                    application/problem+json:
                      schema:
                        $ref: "#/components/schemas/Problem"
                "429":
                  $ref: "#/components/responses/TooMany"
                "503":
                  description: >-
                    The broker did not confirm all of the campaign. Send it again with the problem's `id` as `Idempotency-Key`,
                    and every recipient gets it once.
                  headers:
                    Retry-After:
                      $ref: "#/components/headers/RetryAfter"
                  content:
                    application/problem+json:
                      schema:
                        $ref: "#/components/schemas/Problem"
          /inspect:
            get:
              tags: [messages]
              operationId: inspect
              summary: Encoding and segments of a text, as it is and after smart encoding.
              parameters:
                - name: text
                  in: query
                  required: true
                  description: The text, not empty.
                  schema:
                    type: string
                    minLength: 1
              responses:
                "200":
                  description: Encoding, segments, and what makes it expensive.
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/TextReport"
                      examples:
                        apostrophe:
                          value:
                            encoding: ucs2
                            segments: 1
                            units: 4
                            remaining: 66
                            offending: [{ char: "’", offset: 2 }]
                            smart: { encoding: ucs2, segments: 1, units: 4, remaining: 66, offending: [{ char: "’", offset: 2 }] }
                "400":
                  $ref: "#/components/responses/BadInput"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
            post:
              tags: [messages]
              operationId: inspectText
              summary: The same for a text that is too long for a query, or not for a log of addresses.
              requestBody:
                required: true
                content:
                  application/json:
                    schema:
                      type: object
                      required: [text]
                      properties:
                        text:
                          description: The text, not empty.
                          type: string
                          minLength: 1
                    examples:
                      apostrophe:
                        value: { text: "it’s" }
              responses:
                "200":
                  description: As for GET.
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/TextReport"
                "400":
                  $ref: "#/components/responses/BadInput"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
          /opt-outs:
            get:
              tags: [opt-outs]
              operationId: listOptOuts
              summary: The suppression list, in the order of number and sender.
              parameters:
                - name: limit
                  in: query
                  description: Entries on a page.
                  schema:
                    type: integer
                    minimum: 1
                    maximum: 1000
                    default: 100
                - name: cursor
                  in: query
                  description: The `next` of the page before.
                  schema:
                    type: string
              responses:
                "200":
                  description: A page.
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/OptOutPage"
                "400":
                  $ref: "#/components/responses/BadInput"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
          /opt-outs/{number}:
            parameters:
              - name: number
                in: path
                required: true
                description: The handset, E.164.
                schema:
                  type: string
            put:
              tags: [opt-outs]
              operationId: addOptOut
              summary: Put a number on the list; from then on no attempt to write to it is begun.
              requestBody:
                $ref: "#/components/requestBodies/OptOutSender"
              responses:
                "204":
                  description: It is on the list.
                "400":
                  $ref: "#/components/responses/BadInput"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
            delete:
              tags: [opt-outs]
              operationId: removeOptOut
              summary: Take a number off the list.
              parameters:
                - name: sender
                  in: query
                  description: >-
                    Our sender, as in the body, which some proxies drop; `*` for all of them. Where both are given they have to be
                    the same.
                  schema:
                    type: string
              requestBody:
                $ref: "#/components/requestBodies/OptOutSender"
              responses:
                "204":
                  description: It is off the list.
                "400":
                  $ref: "#/components/responses/BadInput"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "404":
                  $ref: "#/components/responses/NotFound"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
          /campaigns:
            get:
              tags: [campaigns]
              operationId: listCampaigns
              summary: The campaigns, the newest first.
              parameters:
                - name: limit
                  in: query
                  description: How many items the answer has at most.
                  schema:
                    type: integer
                    minimum: 1
                    maximum: 200
                    default: 50
                - name: cursor
                  in: query
                  description: The `next` of the page before.
                  schema:
                    type: string
              responses:
                "200":
                  description: A page.
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/CampaignPage"
                "400":
                  $ref: "#/components/responses/BadInput"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
          /campaigns/{id}:
            parameters:
              - $ref: "#/components/parameters/CampaignID"
            get:
              tags: [campaigns]
              operationId: getCampaign
              summary: The state of a campaign.
              responses:
                "200":
                  description: The data of its last event, with the counts of this moment.
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/Campaign"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "404":
                  $ref: "#/components/responses/NotFound"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
            delete:
              tags: [campaigns]
              operationId: cancelCampaign
              summary: Call back what of a campaign has not been handed to the provider yet.
              description: >-
                The cancellation goes through the broker. It may overtake its campaign: one for an unknown id is remembered for 24
                hours.
              responses:
                "202":
                  $ref: "#/components/responses/CampaignChanged"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "404":
                  $ref: "#/components/responses/NotFound"
                "409":
                  $ref: "#/components/responses/CampaignOver"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
          /campaigns/{id}/pause:
            parameters:
              - $ref: "#/components/parameters/CampaignID"
            post:
              tags: [campaigns]
              operationId: pauseCampaign
              summary: Let no more of a campaign enter the lane; what stands there goes.
              responses:
                "202":
                  $ref: "#/components/responses/CampaignChanged"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "404":
                  $ref: "#/components/responses/NotFound"
                "409":
                  $ref: "#/components/responses/CampaignOver"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
          /campaigns/{id}/resume:
            parameters:
              - $ref: "#/components/parameters/CampaignID"
            post:
              tags: [campaigns]
              operationId: resumeCampaign
              summary: Let a paused campaign go on.
              responses:
                "202":
                  $ref: "#/components/responses/CampaignChanged"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "404":
                  $ref: "#/components/responses/NotFound"
                "409":
                  $ref: "#/components/responses/CampaignOver"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
          /overview:
            get:
              tags: [console]
              operationId: getOverview
              summary: How the service is, and what flows.
              description: >-
                Of this process; never older than two seconds. What the store or the broker did not answer is left out.
              responses:
                "200":
                  description: The overview.
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/Overview"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
          /configuration:
            get:
              tags: [console]
              operationId: getConfiguration
              summary: Every setting with its value and where that came from; secrets are redacted.
              responses:
                "200":
                  description: The settings.
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/Configuration"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
          /dead-letters:
            get:
              tags: [console]
              operationId: listDeadLetters
              summary: The dead letters, oldest first; nothing is taken away.
              description: >-
                The first 5,000 are looked at. While one request looks at the dead letters, others are answered 503.
              parameters:
                - name: code
                  in: query
                  description: Only those with this code, such as `retries_exhausted`.
                  schema:
                    type: string
                - name: limit
                  in: query
                  description: How many items the answer has at most.
                  schema:
                    type: integer
                    minimum: 1
                    maximum: 500
                    default: 100
              responses:
                "200":
                  description: The dead letters.
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/DeadLetterList"
                "400":
                  $ref: "#/components/responses/BadInput"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
          /dead-letters/replay:
            post:
              tags: [console]
              operationId: replayDeadLetters
              summary: Publish dead letters again, each to the lane it came from.
              description: >-
                The same rules as `sms-bridge dead replay`: a dead letter goes once the broker has confirmed its command; those
                with the advice `never` are refused unless `force_resend` is true. The first 5,000 are looked at.
              requestBody:
                required: true
                content:
                  application/json:
                    schema:
                      $ref: "#/components/schemas/ReplayOrder"
              responses:
                "200":
                  description: What became of each.
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/ReplayReport"
                "400":
                  $ref: "#/components/responses/BadInput"
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "413":
                  $ref: "#/components/responses/TooLong"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
          /events:
            get:
              tags: [console]
              operationId: followEvents
              summary: The events as they are published, as server-sent events.
              description: >-
                `hello` comes first, then `published` with a part of each event (`type`, `time`, `command_id`, `to`, `from`,
                `status`, `error`, and of a handset's message the first 300 characters of its `text`). Of one second at most 25
                are shown; `omitted` says how many were not. Events from before the request do not come. A stream ends after
                nine minutes, and when the service stops; the client asks again. At most 16 clients follow at a time. A client
                has to read: what it misses is counted as omitted.
              responses:
                "200":
                  description: The stream.
                  content:
                    text/event-stream:
                      schema:
                        type: string
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "429":
                  $ref: "#/components/responses/TooManyWrongKeys"
                "503":
                  $ref: "#/components/responses/Unavailable"
            head:
              tags: [console]
              operationId: probeEvents
              summary: Whether the events can be followed.
              responses:
                "200":
                  description: They can.
                "401":
                  $ref: "#/components/responses/Unauthorized"
                "403":
                  $ref: "#/components/responses/Forbidden"
                "503":
                  $ref: "#/components/responses/Unavailable"
          /console:
            get:
              tags: [console]
              operationId: getConsole
              summary: The page about the service.
              description: >-
                Static, and open to all who reach this port: it asks for the key, keeps it in the memory of its tab, and shows
                what the API answers. It is not served on `WEBHOOK_PORT`.
              security: []
              responses:
                "200":
                  description: The page.
                  content:
                    text/html:
                      schema:
                        type: string
          /console/{file}:
            parameters:
              - name: file
                in: path
                required: true
                schema:
                  type: string
            get:
              tags: [console]
              operationId: getConsoleFile
              summary: A style sheet or a script of the page.
              security: []
              responses:
                "200":
                  description: The file.
                  content:
                    text/css:
                      schema:
                        type: string
                    text/javascript:
                      schema:
                        type: string
                "404":
                  $ref: "#/components/responses/NotFound"
          /webhooks/inbound:
            get:
              tags: [webhooks]
              operationId: inboundByGet
              summary: A message from a handset, from an account on the older SMS API.
              security: []
              responses: &webhook
                "200":
                  description: The event is kept.
                "400":
                  description: It was not understood, and is kept among the dead letters, unless it is empty or one of too many.
                  content:
                    application/problem+json:
                      schema:
                        $ref: "#/components/schemas/Problem"
                "401":
                  description: It does not come from the provider; what may come from it all the same is answered 503.
                  content:
                    application/problem+json:
                      schema:
                        $ref: "#/components/schemas/Problem"
                "413":
                  $ref: "#/components/responses/TooLong"
                "503":
                  $ref: "#/components/responses/Unavailable"
            post:
              tags: [webhooks]
              operationId: inbound
              summary: A message from a handset.
              security: []
              requestBody: &webhookBody
                description: As the provider sends it, at most 256 KiB.
                content:
                  application/json:
                    schema: {}
                  application/x-www-form-urlencoded:
                    schema: {}
              responses: *webhook
          /webhooks/status:
            get:
              tags: [webhooks]
              operationId: statusByGet
              summary: A delivery receipt, from an account on the older SMS API.
              security: []
              responses: *webhook
            post:
              tags: [webhooks]
              operationId: status
              summary: A delivery receipt.
              security: []
              requestBody: *webhookBody
              responses: *webhook
          /health/live:
            get:
              tags: [health]
              operationId: live
              summary: Whether the process serves.
              security: []
              responses: &health
                "200":
                  description: All is well.
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/Health"
                "503":
                  description: Something is not; each dependency that fails is named, with the reason for clients that get reasons.
                  content:
                    application/json:
                      schema:
                        $ref: "#/components/schemas/Health"
            head:
              tags: [health]
              operationId: liveHead
              summary: The same without a body.
              security: []
              responses: &healthHead
                "200":
                  description: All is well.
                "503":
                  description: Something is not.
          /health/ready:
            get:
              tags: [health]
              operationId: ready
              summary: Whether commands are consumed and sent.
              description: >-
                The reasons name addresses, files and figures, so only clients with a key, or directly on the same host, get
                them; to all others `detail` is `failing` where `ok` is false, and missing where it is true. A wrong key counts
                as such and changes nothing else: this is never answered 401 or 429.
              security:
                - {}
                - apiKey: []
              responses: *health
            head:
              tags: [health]
              operationId: readyHead
              summary: The same without a body.
              security: []
              responses: *healthHead
          /health/webhooks:
            get:
              tags: [health]
              operationId: webhooksHealth
              summary: Whether a webhook can be kept.
              description: >-
                The reasons name addresses, files and figures, so only clients with a key, or directly on the same host, get
                them; to all others `detail` is `failing` where `ok` is false, and missing where it is true. A wrong key counts
                as such and changes nothing else: this is never answered 401 or 429.
              security:
                - {}
                - apiKey: []
              responses: *health
            head:
              tags: [health]
              operationId: webhooksHealthHead
              summary: The same without a body.
              security: []
              responses: *healthHead
          /metrics:
            get:
              tags: [health]
              operationId: metrics
              summary: Figures in Prometheus' text format; docs/operations.md lists them.
              security: []
              responses:
                "200":
                  description: All figures.
                  content:
                    text/plain:
                      schema:
                        type: string
          /asyncapi.yaml:
            get:
              tags: [contracts]
              operationId: asyncapi
              summary: The contract of the broker's side, AsyncAPI 3.0.
              security: []
              responses:
                "200":
                  description: The document, with its schemas in it.
                  content:
                    application/yaml:
                      schema: {}
          /openapi.yaml:
            get:
              tags: [contracts]
              operationId: openapi
              summary: This document.
              security: []
              responses:
                "200":
                  description: The document.
                  content:
                    application/yaml:
                      schema: {}
        components:
          parameters:
            CampaignID:
              name: id
              in: path
              required: true
              description: The campaign's id, percent-encoded.
              schema:
                $ref: "#/components/schemas/ID"
          securitySchemes:
            apiKey:
              type: http
              scheme: bearer
              description: >-
                One of `API_KEYS`. Where none are configured every request is answered 403, but under `API_LOOPBACK=true`, which is
                for development: then clients are served that connect directly from the same host.
          headers:
            Location:
              description: The address of the message.
              schema:
                type: string
            PreferenceApplied:
              description: What of `Prefer` was applied.
              schema:
                type: string
            RateLimitLimit:
              description: Requests in a window.
              schema:
                type: integer
            RateLimitRemaining:
              description: Requests left in this window.
              schema:
                type: integer
            RateLimitReset:
              description: Seconds until the next window.
              schema:
                type: integer
            RetryAfter:
              description: Seconds after which to try again.
              schema:
                type: integer
          requestBodies:
            OptOutSender:
              required: false
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      sender:
                        type: string
                        default: "*"
                        description: Our sender; `*` for all of them.
          responses:
            BadInput:
              description: The input breaks rules, all of which are listed; nothing was done.
              content:
                application/problem+json:
                  schema:
                    $ref: "#/components/schemas/Problem"
            Unauthorized:
              description: No API key, or not a valid one.
              headers:
                WWW-Authenticate:
                  schema:
                    type: string
              content:
                application/problem+json:
                  schema:
                    $ref: "#/components/schemas/Problem"
            Forbidden:
              description: >-
                No API keys are configured; the problem says what to set. Under `API_LOOPBACK=true`: the request does not come
                directly from the same host.
              content:
                application/problem+json:
                  schema:
                    $ref: "#/components/schemas/Problem"
            NotFound:
              description: Nothing has this id.
              content:
                application/problem+json:
                  schema:
                    $ref: "#/components/schemas/Problem"
            TooLong:
              description: The body is too long.
              content:
                application/problem+json:
                  schema:
                    $ref: "#/components/schemas/Problem"
            TooManyWrongKeys:
              description: There were too many wrong API keys from this address.
              headers:
                Retry-After:
                  $ref: "#/components/headers/RetryAfter"
              content:
                application/problem+json:
                  schema:
                    $ref: "#/components/schemas/Problem"
            TooMany:
              description: There were too many requests, or (without the `RateLimit-*` fields) too many wrong API keys.
              headers:
                Retry-After:
                  $ref: "#/components/headers/RetryAfter"
                RateLimit-Limit:
                  $ref: "#/components/headers/RateLimitLimit"
                RateLimit-Remaining:
                  $ref: "#/components/headers/RateLimitRemaining"
                RateLimit-Reset:
                  $ref: "#/components/headers/RateLimitReset"
              content:
                application/problem+json:
                  schema:
                    $ref: "#/components/schemas/Problem"
            CampaignChanged:
              description: It is being done.
              headers:
                Location:
                  $ref: "#/components/headers/Location"
              content:
                application/json:
                  schema:
                    type: object
                    required: [id, status]
                    properties:
                      id:
                        $ref: "#/components/schemas/ID"
                      status:
                        enum: [cancelling, paused, running]
            CampaignOver:
              description: The campaign is over, or being cancelled; nothing can be changed any more.
              content:
                application/problem+json:
                  schema:
                    $ref: "#/components/schemas/Problem"
            Unavailable:
              description: It cannot be done now.
              headers:
                Retry-After:
                  $ref: "#/components/headers/RetryAfter"
              content:
                application/problem+json:
                  schema:
                    $ref: "#/components/schemas/Problem"
          schemas:
            TextLook:
              type: object
              required: [encoding, segments, units, remaining, offending]
              properties:
                encoding:
                  enum: [gsm7, ucs2]
                segments:
                  type: integer
                  minimum: 1
                units:
                  description: Septets, of which an extension character takes two, or UTF-16 units.
                  type: integer
                  minimum: 0
                remaining:
                  description: How many units the last segment still takes.
                  type: integer
                  minimum: 0
                offending:
                  description: The characters that keep the text from GSM-7; offsets in Unicode scalars.
                  type: array
                  items:
                    type: object
                    required: [char, offset]
                    properties:
                      char:
                        type: string
                      offset:
                        type: integer
                        minimum: 0
            TextReport:
              allOf:
                - $ref: "#/components/schemas/TextLook"
                - type: object
                  required: [smart]
                  properties:
                    smart:
                      $ref: "#/components/schemas/TextLook"
            ID:
              type: string
              pattern: "^[ -~]{1,100}$"
              description: A command's id, 1 to 100 printable ASCII characters.
            SendRequest:
              type: object
              required: [to, message]
              description: Fields that are not named here are ignored; an optional field that is null counts as absent.
              properties:
                to:
                  type: string
                  description: >-
                    E.164: 7 to 15 digits, the first not 0; `+` is optional; spaces, dots, dashes and parentheses are removed.
                  examples: ["+14155550100"]
                message:
                  type: string
                  minLength: 1
                  maxLength: 3200
                  description: The text.
                from:
                  type: [string, "null"]
                  description: >-
                    An E.164 number, a short code (3 to 6 digits) or an alphanumeric sender id (1 to 11 of A-Z a-z 0-9, at least
                    one letter); default `VONAGE_NUMBER`.
                id:
                  type: [string, "null"]
                  description: The command's id, where there is no `Idempotency-Key`; default a random UUID.
                  pattern: "^(?!c:)[ -~]{1,100}$"
                client_ref:
                  type: [string, "null"]
                  maxLength: 255
                  description: Your own reference, echoed in every event.
                metadata:
                  type: [object, "null"]
                  additionalProperties:
                    type: string
                  description: Echoed likewise; keys and values together at most 4 KiB of UTF-8.
                send_at:
                  type: [string, "null"]
                  format: date-time
                  description: Not before then; at most 366 days ahead, and before `expires_at`.
                expires_at:
                  type: [string, "null"]
                  format: date-time
                  description: Never sent after then.
                encoding:
                  enum: [auto, text, unicode, null]
                  default: auto
                smart_encoding:
                  type: [boolean, "null"]
                  description: Replace typographic characters by GSM-7 look-alikes where that saves segments.
                max_segments:
                  type: [integer, "null"]
                  minimum: 1
                on_uncertain:
                  enum: [auto, resend, fail, null]
                  default: auto
                window:
                  $ref: "#/components/schemas/Window"
                provider:
                  type: [object, "null"]
                  properties:
                    entity_id:
                      type: [string, "null"]
                      maxLength: 255
                    content_id:
                      type: [string, "null"]
                      maxLength: 255
                    pool_id:
                      type: [string, "null"]
                      maxLength: 255
                    trusted_recipient:
                      type: [boolean, "null"]
            CampaignRequest:
              type: object
              required: [recipients, message]
              description: Fields that are not named here are ignored; an optional field that is null counts as absent.
              properties:
                recipients:
                  type: array
                  minItems: 1
                  maxItems: 100000
                  items:
                    oneOf:
                      - type: string
                        description: The number.
                      - type: object
                        required: [to]
                        description: Its other fields fill the text's variables.
                        properties:
                          to:
                            type: string
                message:
                  type: string
                  minLength: 1
                  maxLength: 3200
                  description: The text; `{{name}}` is filled from the recipient's own fields.
                from:
                  type: [string, "null"]
                  description: As in `SendRequest`.
                id:
                  type: [string, "null"]
                  description: The campaign's id, where there is no `Idempotency-Key`; default a random UUID.
                  pattern: "^(?!c:)[ -~]{1,100}$"
                metadata:
                  type: [object, "null"]
                  additionalProperties:
                    type: string
                send_at:
                  type: [string, "null"]
                  format: date-time
                expires_at:
                  type: [string, "null"]
                  format: date-time
                smart_encoding:
                  type: [boolean, "null"]
                max_segments:
                  type: [integer, "null"]
                  minimum: 1
                window:
                  $ref: "#/components/schemas/Window"
            Window:
              type: [object, "null"]
              required: [start, end]
              description: >-
                When the handset may be written to, by the clock of its zone. Outside it the message waits for the next opening;
                where that is not before `expires_at`, it is expired. Without it `SEND_WINDOWS` holds for campaigns.
              properties:
                start:
                  type: string
                  pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$"
                  description: The first minute of it, as 09:00.
                end:
                  type: string
                  pattern: "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
                  description: The first minute behind it; before the start it is the next day's. Not the start itself.
                days:
                  type: [string, "null"]
                  pattern: "^[A-Za-z]{3}(-[A-Za-z]{3})?([ ,]+[A-Za-z]{3}(-[A-Za-z]{3})?)*$"
                  description: The days on which it opens, as mon-sat or mon,wed,fri; default all.
                tz:
                  type: [string, "null"]
                  description: >-
                    An IANA zone, or `recipient`, the default: the zone of the number; where its area or country has several,
                    only when the window is open in all of them.
            CampaignResults:
              type: object
              required: [status, id, results]
              properties:
                status:
                  const: Campaign processing attempted
                id:
                  $ref: "#/components/schemas/ID"
                results:
                  type: array
                  description: One for each number, in the order of the request.
                  items:
                    type: object
                    required: [to, success]
                    properties:
                      to:
                        type: string
                      success:
                        type: boolean
                      message_uuid:
                        type: string
                      error:
                        type: string
            Campaign:
              type: object
              required:
                [campaign_id, recipients, accepted, rejected, failed, suppressed, expired, invalid, cancelled, uncertain, pending,
                duplicates, state]
              description: The outcomes and `pending` add up to `recipients`.
              properties:
                campaign_id:
                  $ref: "#/components/schemas/ID"
                recipients:
                  type: integer
                  description: Unique numbers.
                accepted:
                  type: integer
                rejected:
                  type: integer
                failed:
                  type: integer
                suppressed:
                  type: integer
                expired:
                  type: integer
                invalid:
                  type: integer
                cancelled:
                  type: integer
                uncertain:
                  type: integer
                pending:
                  type: integer
                duplicates:
                  type: integer
                state:
                  enum: [collecting, running, paused, cancelling, completed, cancelled, invalid]
                resumes_at:
                  type: string
                  format: date-time
                  description: When the first window opens, where all that is in the lane waits for its window.
                error:
                  $ref: "#/components/schemas/EventError"
            OptOutPage:
              type: object
              required: [items]
              properties:
                items:
                  type: array
                  items:
                    $ref: "#/components/schemas/OptOut"
                next:
                  type: string
                  description: The cursor of the next page; absent on the last one.
            OptOut:
              type: object
              required: [number, sender, source, timestamp]
              properties:
                number:
                  type: string
                  description: The handset, E.164 with `+`.
                sender:
                  type: string
                  description: Our sender, or `*` for all of them.
                source:
                  type: string
                  enum: [keyword, api, import, provider]
                keyword:
                  type: string
                  description: The word that was written.
                message_uuid:
                  type: string
                  description: The message that asked for it.
                timestamp:
                  type: string
                  format: date-time
            Sent:
              type: object
              required: [status, message_uuid, id]
              properties:
                status:
                  const: Message sending initiated
                message_uuid:
                  type: string
                  description: The provider's id.
                id:
                  $ref: "#/components/schemas/ID"
            SendFailure:
              type: object
              required: [status, error, details]
              properties:
                status:
                  const: Failed to send message
                error:
                  type: string
                  description: A sentence.
                details:
                  anyOf:
                    - $ref: "#/components/schemas/EventError"
                    - type: object
                      required: [code, title, detail]
                      properties:
                        code:
                          const: id_reused
                        title:
                          type: string
                        detail:
                          type: string
            Message:
              type: object
              required: [id, state, attempts, created_at, updated_at]
              properties:
                id:
                  $ref: "#/components/schemas/ID"
                state:
                  $ref: "#/components/schemas/MessageState"
                to:
                  type: string
                  description: E.164 with `+`.
                from:
                  type: string
                message_uuid:
                  type: string
                  description: The provider's id, once there is one.
                attempts:
                  type: integer
                  minimum: 0
                  description: Requests made at the provider.
                segments:
                  type: integer
                  minimum: 1
                waiting:
                  type: object
                  description: Why it waits, and until when; absent when it does not.
                  required: [reason, until]
                  properties:
                    reason:
                      $ref: "#/components/schemas/WaitReason"
                    until:
                      type: string
                      format: date-time
                    detail:
                      type: string
                      description: What the last request came to, where it waits because of one.
                receipts:
                  type: array
                  description: Delivery receipts, oldest first; left out in a list.
                  items:
                    $ref: "#/components/schemas/Receipt"
                error:
                  $ref: "#/components/schemas/EventError"
                campaign_id:
                  type: string
                created_at:
                  type: string
                  format: date-time
                updated_at:
                  type: string
                  format: date-time
            MessageState:
              enum: [pending, sending, uncertain, accepted, rejected, failed, suppressed, expired, invalid, cancelled]
            WaitReason:
              enum: [schedule, window, rate, receipt, retry, clock]
              description: >-
                `schedule` for its `send_at`, `window` for its window to open, `rate` for a slot of the account or of its sender,
                `receipt` for one that says whether it was sent, `retry` for another attempt, `clock` for a moment that was noted
                while this host's clock was ahead.
            MessagePage:
              type: object
              required: [items]
              properties:
                items:
                  type: array
                  items:
                    $ref: "#/components/schemas/Message"
                next:
                  type: string
                  description: The cursor of the next page; left out at the end.
            Timeline:
              type: object
              required: [items]
              properties:
                items:
                  type: array
                  items:
                    type: object
                    required: [time, what, detail]
                    properties:
                      time:
                        type: string
                        format: date-time
                      what:
                        enum:
                          [taken, taken_again, waiting, attempt, not_taken, uncertain, settled, proved, published, receipt, omitted]
                        description: >-
                          `not_taken`: the provider surely did not take it, and it is sent again. `proved`: a receipt proves that
                          the provider has it. `published`: the broker has confirmed the outcome's event.
                      detail:
                        type: string
                        description: Why, in words, or of `waiting` as a WaitReason; empty where there is nothing to say.
                      until:
                        type: string
                        format: date-time
                        description: Until when it waits, where it does.
            CampaignPage:
              type: object
              required: [items]
              properties:
                items:
                  type: array
                  items:
                    allOf:
                      - $ref: "#/components/schemas/Campaign"
                      - type: object
                        required: [created_at, updated_at]
                        properties:
                          created_at:
                            type: string
                            format: date-time
                          updated_at:
                            type: string
                            format: date-time
                next:
                  type: string
            Overview:
              type: object
              required: [time, version, started_at, health, lanes, spooled, uncertain, waiting, flow, usage]
              properties:
                time:
                  type: string
                  format: date-time
                version:
                  type: string
                started_at:
                  type: string
                  format: date-time
                health:
                  $ref: "#/components/schemas/Health"
                lanes:
                  type: array
                  description: Commands inside the process, by lane.
                  items:
                    type: object
                    required: [lane, waiting, in_flight]
                    properties:
                      lane:
                        type: string
                      waiting:
                        type: integer
                        description: Those that wait for a slot.
                      in_flight:
                        type: integer
                        description: Requests under way.
                units_per_second:
                  type: number
                  description: The rate in force now; left out when unlimited.
                held_until:
                  type: string
                  format: date-time
                  description: Until when a 429 of the provider stops all sending.
                breaker:
                  type: object
                  description: Why all sending pauses; left out while it does not.
                  required: [cause, detail, since]
                  properties:
                    cause:
                      type: string
                    detail:
                      type: string
                    since:
                      type: string
                      format: date-time
                    next_probe:
                      type: string
                      format: date-time
                queues:
                  type: array
                  items:
                    type: object
                    required: [name, ready]
                    properties:
                      name:
                        type: string
                      ready:
                        type: integer
                      unacked:
                        type: integer
                open:
                  type: object
                  required: [pending, sending, uncertain, waiting, unpublished]
                  properties:
                    pending:
                      type: integer
                    sending:
                      type: integer
                    uncertain:
                      type: integer
                    waiting:
                      type: integer
                      description: Those of pending and uncertain that travel through a wait queue, or have.
                    unpublished:
                      type: integer
                      description: Settled ones whose outcome has not been published.
                overdue:
                  type: integer
                  description: Accepted messages that have had no final receipt within RECEIPT_OVERDUE.
                spooled:
                  type: integer
                  description: Events that wait for the broker.
                uncertain:
                  type: array
                  description: Some of the messages in doubt.
                  items:
                    $ref: "#/components/schemas/Message"
                waiting:
                  type: array
                  description: Some of the messages that wait.
                  items:
                    $ref: "#/components/schemas/Message"
                flow:
                  type: object
                  required: [minutes, until, series]
                  properties:
                    minutes:
                      type: integer
                      description: How many numbers each series has.
                    until:
                      type: string
                      format: date-time
                      description: The beginning of the last minute.
                    series:
                      type: object
                      description: >-
                        Events published per minute, by kind (`accepted`, `failed`, `stopped`, `uncertain`, `delivered`,
                        `undelivered`, `receipt`, `inbound`), the oldest minute first.
                      additionalProperties:
                        type: array
                        items:
                          type: integer
                usage:
                  type: array
                  description: >-
                    What the messages have cost that came to an end since the start, one entry for each currency that receipts
                    named.
                  items:
                    type: object
                    required: [currency, sum, countries, senders, campaigns]
                    properties:
                      currency:
                        type: string
                        description: As the provider names it; `unknown` where it names none.
                      sum:
                        $ref: "#/components/schemas/Amount"
                      countries:
                        $ref: "#/components/schemas/CostParts"
                      senders:
                        $ref: "#/components/schemas/CostParts"
                      campaigns:
                        $ref: "#/components/schemas/CostParts"
            Amount:
              type: string
              pattern: '^-?[0-9]+(\.[0-9]+)?$'
              description: An amount in plain decimals, exact to the last digit.
            CostParts:
              type: array
              maxItems: 20
              description: >-
                Parts of a sum, the largest first: by calling code without `+`, by sender, or by campaign (`none` for messages of
                no campaign). `other` has those beyond the bounds of the metrics. More than twenty are in `/metrics`.
              items:
                type: object
                required: [name, sum]
                properties:
                  name:
                    type: string
                  sum:
                    $ref: "#/components/schemas/Amount"
            Configuration:
              type: object
              required: [items]
              properties:
                items:
                  type: array
                  items:
                    type: object
                    required: [name, source]
                    properties:
                      name:
                        type: string
                      value:
                        type: string
                      source:
                        type: string
            DeadLetterList:
              type: object
              required: [items, count]
              properties:
                count:
                  type: integer
                  description: How many there are, of every code.
                items:
                  type: array
                  items:
                    type: object
                    required: [id, handle, code, detail, exchange, routing_key]
                    properties:
                      id:
                        type: string
                      handle:
                        type: string
                        description: A name that each dead letter has, and keeps.
                      code:
                        type: string
                      detail:
                        type: string
                      attempts:
                        type: integer
                      advice:
                        enum: [replay, fix, never]
                      first_seen:
                        type: string
                      last_seen:
                        type: string
                      exchange:
                        type: string
                      routing_key:
                        type: string
            ReplayOrder:
              type: object
              description: Exactly one of `ids`, `code` and `all`.
              properties:
                ids:
                  type: array
                  minItems: 1
                  maxItems: 1000
                  description: Ids of commands, or handles of dead letters; an id means all its dead letters.
                  items:
                    type: string
                code:
                  type: string
                all:
                  type: boolean
                force_resend:
                  type: boolean
                  default: false
                  description: Send although the handset may have the message.
                dry_run:
                  type: boolean
                  default: false
                  description: Publish nothing, and answer what would be published.
            ReplayReport:
              type: object
              required: [results, unknown]
              properties:
                results:
                  type: array
                  items:
                    type: object
                    required: [id, result]
                    properties:
                      id:
                        type: string
                      result:
                        enum: [replayed, would_replay, refused, not_taken]
                      reason:
                        type: string
                      routing_key:
                        type: string
                      replay:
                        type: integer
                unknown:
                  type: array
                  description: Ids that no dead letter has.
                  items:
                    type: string
            Receipt:
              type: object
              required: [status, timestamp]
              properties:
                status:
                  type: string
                  examples: [submitted, delivered, undeliverable, rejected]
                timestamp:
                  type: string
                  format: date-time
                error:
                  type: object
                  required: [code]
                  properties:
                    code:
                      type: string
                    title:
                      type: string
                    detail:
                      type: string
                    instance:
                      type: string
                    class:
                      type: string
                      enum: [later, account, recipient, content, fraud, unknown]
                      description: What to do about it; docs/errors.md has every code. Absent in receipts of older versions.
            EventError:
              type: object
              required: [code, title, detail]
              description: Why a message did not end as accepted, as its event has it.
              properties:
                code:
                  enum:
                    [invalid, provider_rejected, retries_exhausted, too_old, uncertain, opted_out, destination_denied, expired,
                    cancelled, poison]
                title:
                  type: string
                detail:
                  type: string
                provider:
                  type: object
                  description: What the provider said.
                  properties:
                    status:
                      type: integer
                    type:
                      type: string
                    title:
                      type: string
                    detail:
                      type: string
                    instance:
                      type: string
                problems:
                  $ref: "#/components/schemas/Problems"
                problem_count:
                  type: integer
                  description: How many problems an invalid campaign has; at most 100 are listed.
            Problems:
              type: array
              items:
                type: object
                required: [field, problem]
                properties:
                  field:
                    type: string
                    description: The field's name; `body` for the input as a whole.
                  problem:
                    type: string
            Problem:
              type: object
              required: [type, title, status, detail, error]
              properties:
                type:
                  type: string
                title:
                  type: string
                status:
                  type: integer
                detail:
                  type: string
                error:
                  type: string
                  description: The same sentence as `detail`.
                problems:
                  $ref: "#/components/schemas/Problems"
                id:
                  $ref: "#/components/schemas/ID"
            Health:
              type: object
              required: [status, dependencies]
              properties:
                status:
                  enum: [ok, unavailable]
                dependencies:
                  type: array
                  items:
                    type: object
                    required: [name, ok]
                    properties:
                      name:
                        type: string
                      ok:
                        type: boolean
                      detail:
                        description: The reason, or `failing` for clients that do not get reasons; also what is worth knowing.
                        type: string

        """#
}
