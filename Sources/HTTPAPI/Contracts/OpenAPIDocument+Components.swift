// Written by scripts/embed-openapi.sh: change docs/openapi.yaml instead.
extension OpenAPIDocument {
    /// What is told.
    static let components = #"""
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
                One of `API_KEYS`. Where none are configured, only clients are served that connect directly from the same host.
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
              description: No API keys are configured, and the request does not come directly from the same host.
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
            TooMany:
              description: There were too many requests.
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
              required: [id, state, attempts, receipts, created_at, updated_at]
              properties:
                id:
                  $ref: "#/components/schemas/ID"
                state:
                  enum:
                    [pending, sending, uncertain, accepted, rejected, failed, suppressed, expired, invalid, cancelled]
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
                receipts:
                  type: array
                  description: Delivery receipts, oldest first.
                  items:
                    $ref: "#/components/schemas/Receipt"
                error:
                  $ref: "#/components/schemas/EventError"
                created_at:
                  type: string
                  format: date-time
                updated_at:
                  type: string
                  format: date-time
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
            EventError:
              type: object
              required: [code, title, detail]
              description: Why a message did not end as accepted, as its event tells it.
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
                        type: string

        """#
}
