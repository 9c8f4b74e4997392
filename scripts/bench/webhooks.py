"""Status webhooks as Vonage posts them, each unique and signed with a JWT that covers its body, for load.c."""

import base64
import hashlib
import hmac
import json
import random
import time

import stage


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def signed(body):
    """A token under HS256 whose payload_hash is the body's."""
    claims = {"iat": int(time.time()), "jti": hashlib.md5(body).hexdigest(), "iss": "Vonage", "api_key": "12ab34cd",
              "payload_hash": hashlib.sha256(body).hexdigest()}
    text = encoded(b'{"alg":"HS256","typ":"JWT"}') + b"." + encoded(json.dumps(claims).encode())
    return text + b"." + encoded(hmac.new(stage.SECRET.encode(), text, hashlib.sha256).digest())


def write(path, count, seed=1):
    """Writes requests in the form that load.c reads; a run's requests are always the same but for the tokens."""
    generator = random.Random(seed)
    with open(path, "wb") as file:
        for number in range(count):
            status = generator.choice(["submitted", "delivered", "delivered", "delivered", "undeliverable"])
            name = f"{generator.getrandbits(32):08x}-1111-4222-8333-{number:012x}"
            content = {
                "message_uuid": name, "to": "14155550101", "from": "14155550100", "channel": "sms", "status": status,
                "timestamp": "2026-11-28T08:00:00.000Z", "client_ref": f"webhook-{number}",
                "usage": {"currency": "EUR", "price": "0.0333"}, "destination": {"network_code": "310260"},
                "sms": {"count_total": "1"},
            }
            if status == "undeliverable":
                content["error"] = {"type": "https://developer.vonage.com/api-errors/messages#1260", "title": 1260,
                                    "detail": "Destination unreachable", "instance": name}
            body = json.dumps(content).encode()
            head = (b"POST /webhooks/status HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                    b"Authorization: Bearer " + signed(body) + b"\r\nContent-Length: %d\r\n\r\n" % len(body))
            file.write(b"%06d" % (len(head) + len(body)) + head + body)
