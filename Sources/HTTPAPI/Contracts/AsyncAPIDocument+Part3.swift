// Written by scripts/embed-contracts.sh: change docs/asyncapi.yaml instead.
extension AsyncAPIDocument {
    /// Lines from 1001 on.
    static let part3 = #"""
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
                  "client_ref": { "$ref": "#/components/schemas/common/$defs/reference" },
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
                    "description": "What becomes of it when nobody knows whether the provider took it.",
                    "enum": ["auto", "resend", "fail", null],
                    "default": "auto"
                  },
                  "provider": {
                    "description": "Passed on to the provider as it is.",
                    "type": ["object", "null"],
                    "additionalProperties": true,
                    "properties": {
                      "entity_id": { "$ref": "#/components/schemas/common/$defs/reference" },
                      "content_id": { "$ref": "#/components/schemas/common/$defs/reference" },
                      "pool_id": { "$ref": "#/components/schemas/common/$defs/reference" },
                      "trusted_recipient": { "type": ["boolean", "null"] }
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
                        "description": "The same for every telling of the same fact, so that repeats can be dropped.",
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
                      "title": { "type": "string", "minLength": 1 },
                      "detail": { "type": "string" },
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
                "description": "What a message in sms.dead has gained; its own headers are kept beside them. One that the broker itself has put there, after too many deliveries, has the broker's `x-death` alone.",
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
                    "description": "`replay`: it can work now. `fix`: mend it first. `never`: the handset may have its message.",
                    "enum": ["replay", "fix", "never"]
                  },
                  "sms-replay": {
                    "description": "How often it has been replayed, of a letter that was.",
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
                "description": "How a campaign stands. The outcomes and `pending` add up to `recipients`.",
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
                      "accepted": { "type": "integer", "minimum": 0 },
                      "rejected": { "type": "integer", "minimum": 0 },
                      "failed": { "type": "integer", "minimum": 0 },
                      "suppressed": { "type": "integer", "minimum": 0 },
                      "expired": { "type": "integer", "minimum": 0 },
                      "invalid": { "type": "integer", "minimum": 0 },
                      "cancelled": { "type": "integer", "minimum": 0 },
                      "uncertain": {
                        "description": "Those of whom nobody knows yet whether their message was sent.",
                        "type": "integer",
                        "minimum": 0
                      },
                      "pending": { "type": "integer", "minimum": 0 },
                      "duplicates": { "description": "How often a number came again.", "type": "integer", "minimum": 0 },
                      "state": { "enum": ["running", "paused", "cancelling", "completed", "cancelled"] },
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
                "title": "sms.inbound.message",
                "description": "A message from a handset, or one part of it.",
                "type": "object",
                "required": ["subject"],
                "properties": {
                  "type": { "const": "sms.inbound.message" },
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
                "description": "The fate of a command.",
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
                      "client_ref": { "type": "string", "maxLength": 255 },
                      "metadata": { "$ref": "#/components/schemas/common/$defs/metadata" },
                      "campaign_id": { "type": "string", "maxLength": 255 },
                      "attempts": {
                        "description": "Requests made at the provider; a 429 is none; 0 when nothing was sent.",
                        "type": "integer",
                        "minimum": 0
                      },
                      "segments": { "$ref": "#/components/schemas/common/$defs/segments" },
                      "encoding": { "enum": ["gsm7", "ucs2"] },
                      "replaced": {
                        "description": "What smart encoding changed.",
                        "type": "array",
                        "minItems": 1,
                        "items": {
                          "type": "object",
                          "required": ["char", "by", "count"],
                          "additionalProperties": false,
                          "properties": {
                            "char": { "type": "string", "minLength": 1 },
                            "by": { "type": "string" },
                            "count": { "type": "integer", "minimum": 1 }
                          }
                        }
                      },
                      "message_uuid": { "$ref": "#/components/schemas/common/$defs/messageUUID" },

        """#
}
