// Written by scripts/embed-contracts.sh: change docs/openapi.yaml instead.
extension OpenAPIDocument {
    /// Lines from 1 on.
    static let part1 = #"""
        openapi: 3.1.0
        info:
          title: sms-bridge
          version: "1"
          summary: SMS through Vonage, over RabbitMQ.
          description: >-
            What sms-bridge serves over HTTP. Every message that is sent here is a command on RabbitMQ (`sms.commands`), so all
            that docs/send-api.md and the AsyncAPI document say about commands and outcomes holds for it.
            Every problem is `application/problem+json` (RFC 9457) with the members of `Problem`. `HEAD` is answered wherever
            `GET` is, without a body; at the webhooks' addresses nothing is taken from it.
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
            description: Who is not written to.
          - name: webhooks
            description: What the provider calls.
          - name: health
            description: How the service is.
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
                    body it is answered 422. Ids that begin with `c:` belong to campaigns. It stands there as it is, or as a quoted
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
              summary: How a message stands, with its delivery receipts.
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
                The cancellation goes through the broker; whether it was in time is told by the message's state. It may overtake
                its message: one for an unknown id is remembered for 24 hours.
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
                checked before anything is enqueued; a number that is none stops no other, and is one result that was no success.
              parameters:
                - name: Idempotency-Key
                  in: header
                  description: >-
                    Becomes the campaign's id: a request that is repeated with it is carried out once and answered alike. With
                    another body it is answered 422. Ids that begin with `c:` belong to campaigns' own messages. It stands there
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
                    and everybody gets it once.
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
              summary: What a text takes on the air, as it stands and after smart encoding.
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
                  description: Encoding, segments, and what makes it dear.
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
          /campaigns/{id}:
            parameters:
              - $ref: "#/components/parameters/CampaignID"
            get:
              tags: [campaigns]
              operationId: getCampaign
              summary: How a campaign stands.
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

        """#
}
