// Written by scripts/embed-contracts.sh: change docs/openapi.yaml instead.
extension OpenAPIDocument {
    /// Lines from 1001 on.
    static let part3 = #"""
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
                        description: The reason, or `failing` for clients that do not get reasons; also what is worth knowing.
                        type: string

        """#
}
