// Written by scripts/embed-contracts.sh: change docs/asyncapi.yaml instead.
extension AsyncAPIDocument {
    /// Lines from 1501 on.
    static let part4 = #"""
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
                "description": "A delivery receipt.",
                "type": "object",
                "required": ["subject"],
                "properties": {
                  "type": { "type": "string", "pattern": "^sms\\.status\\.[A-Za-z0-9_-]{1,100}$" },
                  "data": {
                    "type": "object",
                    "required": ["message_uuid", "command_id", "status", "final", "superseded", "provider_status"],
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
                        "examples": ["submitted", "delivered", "rejected", "undeliverable"]
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
                      "campaign_id": { "type": "string", "maxLength": 255 },
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
                          "instance": { "description": "The provider's trace id.", "type": "string" }
                        }
                      },
                      "usage": { "$ref": "#/components/schemas/common/$defs/usage" },
                      "segments": { "$ref": "#/components/schemas/common/$defs/segments" },
                      "network_code": { "description": "The recipient's network, MCC and MNC.", "type": "string" },
                      "provider_status": { "description": "The status as received.", "type": "string", "minLength": 1 }
                    },
                    "if": { "properties": { "status": { "enum": ["delivered", "rejected", "undeliverable"] } } },
                    "then": { "properties": { "final": { "const": true } } },
                    "else": { "properties": { "final": { "const": false } } }
                  }
                },
                "allOf": [{ "$ref": "#/components/schemas/common/$defs/cloudEvent" }]
              }

        """#
}
