#!/usr/bin/env python3
"""soak-events.py declare|drain API QUEUE: a quorum queue bound to the exchange sms.outbound, by the management API.

`drain` prints each event of it as a line of JSON. A queue of the cluster's keeps every event, whichever node is killed."""
import base64
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

verb, api, queue = sys.argv[1:4]
place = urllib.parse.urlsplit(api)
base = f"{place.scheme}://{place.hostname}:{place.port}{place.path}"
secret = base64.b64encode(f"{place.username}:{place.password}".encode()).decode()


def call(method, path, body):
    """The API's answer; what fails is tried for a minute, for statistics and leaders come late."""
    request = urllib.request.Request(
        base + path,
        json.dumps(body).encode(),
        {"Authorization": "Basic " + secret, "Content-Type": "application/json"},
        method=method,
    )
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
                return json.loads(text) if text else None
        except (urllib.error.URLError, OSError):
            if time.monotonic() > end:
                raise
            time.sleep(1)


if verb == "declare":
    call("PUT", f"/queues/%2F/{queue}", {"durable": True, "arguments": {"x-queue-type": "quorum"}})
    call("POST", f"/bindings/%2F/e/sms.outbound/q/{queue}", {"routing_key": "#"})
else:
    order = {"count": 1000, "ackmode": "ack_requeue_false", "encoding": "auto"}
    empty = 0
    while empty < 3:
        messages = call("POST", f"/queues/%2F/{queue}/get", order)
        empty = 0 if messages else empty + 1
        for message in messages:
            body = message["payload"]
            if message["payload_encoding"] == "base64":
                body = base64.b64decode(body).decode()
            print(json.dumps(json.loads(body)))
