#!/usr/bin/env python3
"""Sends one SMS and waits for its outcome: send.py TO TEXT [ID]

Needs pika 1.2 or newer: apt install python3-pika, or pip install pika. AMQP_URL names the broker.
"""
import json
import os
import sys
import time
import uuid

import pika
from pika.exceptions import AMQPError, UnroutableError

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F")


def publish(command, command_id):
    """Publishes a command, and returns the event that is its outcome; None when none came within a minute."""
    parameters = pika.URLParameters(URL)
    parameters.blocked_connection_timeout = 30
    connection = pika.BlockingConnection(parameters)
    try:
        channel = connection.channel()
        outcome = []
        # Before the publish, since a reply that finds no consumer is lost.
        channel.basic_consume(
            "amq.rabbitmq.reply-to", lambda _c, _m, _p, body: outcome.append(json.loads(body)), auto_ack=True
        )
        # From here on basic_publish returns when the broker has the message on disk, and raises when it refuses it.
        channel.confirm_delivery()
        channel.basic_publish(
            exchange="sms.commands",
            routing_key="send",
            body=json.dumps(command),
            properties=pika.BasicProperties(
                content_type="application/json",
                delivery_mode=2,
                message_id=command_id,
                correlation_id=command_id,
                reply_to="amq.rabbitmq.reply-to",
            ),
            mandatory=True,
        )
        print(f"confirmed {command_id}", flush=True)
        deadline = time.monotonic() + 60
        while not outcome and time.monotonic() < deadline:
            connection.process_data_events(time_limit=1)
        return outcome[0] if outcome else None
    finally:
        if connection.is_open:
            connection.close()


def main(to, text, command_id=None):
    # In a program of your own the id is stored with what the message is about, so that a repeat after a crash has it too.
    command_id = command_id or str(uuid.uuid4())
    for attempt in range(5):
        try:
            event = publish({"to": to, "text": text}, command_id)
            break
        except UnroutableError:
            sys.exit("no queue took the command: is sms-bridge's topology declared?")
        except AMQPError as error:
            # It may have arrived or not. With the same id the repeat is harmless.
            print(f"again after {error!r}", file=sys.stderr)
            time.sleep(2**attempt)
    else:
        sys.exit("the broker did not confirm the command")
    if event is None:
        print("no outcome yet; it will be published on sms.outbound")
        return 75
    print(event["type"], json.dumps(event["data"]))
    return 0 if event["type"] == "sms.outbound.accepted" else 1


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
