#!/usr/bin/env python3
"""Writes delivery receipts into a database, each once: receipts.py [COUNT]

Ends after COUNT messages; with 0 it only declares its queue. Needs pika 1.2 or newer: apt install python3-pika, or
pip install pika. AMQP_URL names the broker, QUEUE the queue (consumer.receipts), DATABASE the file (receipts.db).
"""
import json
import os
import sqlite3
import sys

import pika

URL = os.environ.get("AMQP_URL", "amqp://guest:guest@localhost:5672/%2F")
QUEUE = os.environ.get("QUEUE", "consumer.receipts")
DATABASE = os.environ.get("DATABASE", "receipts.db")


def store(database, event):
    """Does the work for an event, in one transaction with its id; False for an event that was seen before."""
    data = event["data"]
    with database:
        seen = database.execute("INSERT OR IGNORE INTO seen_event VALUES (?)", (event["id"],))
        if seen.rowcount == 0:
            return False
        # Receipts can come in any order: a superseded one is older than what is known.
        if not data["superseded"]:
            database.execute(
                "INSERT OR REPLACE INTO delivery VALUES (?, ?, ?, ?)",
                (data["message_uuid"], data["command_id"], data["status"], data["final"]),
            )
    return True


def main(count=None):
    database = sqlite3.connect(DATABASE)
    database.execute("CREATE TABLE IF NOT EXISTS seen_event (id TEXT PRIMARY KEY)")
    database.execute(
        "CREATE TABLE IF NOT EXISTS delivery (message_uuid TEXT PRIMARY KEY, command_id TEXT, status TEXT, final INTEGER)"
    )
    connection = pika.BlockingConnection(pika.URLParameters(URL))
    channel = connection.channel()
    channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(QUEUE, "sms.status", routing_key="#")
    channel.basic_qos(prefetch_count=20)
    handled = 0
    if count is None or count > 0:
        for method, _, body in channel.consume(QUEUE):
            event = json.loads(body)
            print("new" if store(database, event) else "repeat", event["type"], event["id"], flush=True)
            # Only now, for what is not acknowledged comes again.
            channel.basic_ack(method.delivery_tag)
            handled += 1
            if handled == count:
                break
        channel.cancel()
    connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else None)
