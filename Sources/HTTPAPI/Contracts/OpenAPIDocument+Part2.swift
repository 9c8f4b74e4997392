// Written by scripts/embed-contracts.sh: change docs/openapi.yaml instead.
extension OpenAPIDocument {
    /// Lines from 501 on.
    static let part2 = #"""
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
                      schema:
                        type: string
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
                      schema:
                        type: string
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
              description: What of `Prefer` was followed.
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
              description: Seconds after which to come again.
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
              description: No API key, or none of ours.
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

        """#
}
