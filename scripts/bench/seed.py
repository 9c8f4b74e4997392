#!/usr/bin/env python3
"""Measures whether the service's cost depends on what its store holds: an empty one beside one with millions of rows.

    seed.py --binary FILE --records 10000000 --opt-outs 1000000 --queued 1000000

The service makes the database, and in it a record, a receipt and an entry of the suppression list. SQL multiplies
these, with times, numbers and ids of their own: so the rows are those of this version's schema, and every index is
there. Measured are the time to ready (with the file in the page cache, and not), GET /metrics, sending 10,000 messages,
and the size on disk. Ten million records take some 15 GB under TMPDIR and a quarter of an hour; the disk is given back.
"""

import argparse
import json
import os
import pathlib
import sqlite3
import statistics
import sys
import time

sys.dont_write_bytecode = True
import webhooks
from run import commands, figure, send, table
from stage import RESULTS, Provider, Service, Stage, ask, say, wait_until
from window import memory

DAY = 24 * 3600 * 1000
BATCH = 50_000
# An id that looks random, and is the same for a record and its receipt.
UUID = "printf('%08x-%04x-4000-8000-%012x', (n * 2654435761) & 4294967295, n & 65535, n)"
NUMBER = "printf('+1415%07d', 2000000 + n * 7919 % 7000000)"
NUMBERS = "WITH RECURSIVE count(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM count WHERE n < {last})"


def make_templates(stage, store):
    """Lets the service make the database, with one row of each kind."""
    provider = Provider(stage)
    service = Service(stage, store=store)
    service.wait_until_ready()
    stage.bind_results("sms.outbound", "accepted")
    command = list(commands(1))
    stage.amqp.publish_all("sms.commands", "send", command)
    wait_until(60, "one message", lambda: stage.amqp.depth(RESULTS) == 1)
    name = command[0][0]
    uuid = json.loads(ask(service.port, f"/messages/{name}")[1])["message_uuid"]
    receipt = json.dumps({"message_uuid": uuid, "to": "14155550000", "from": "14155550100", "channel": "sms",
                          "status": "delivered", "timestamp": "2026-11-28T08:00:00.000Z", "client_ref": name,
                          "usage": {"currency": "EUR", "price": "0.0333"}}).encode()
    headers = {"Authorization": b"Bearer " + webhooks.signed(receipt), "Content-Type": "application/json"}
    if ask(service.port, "/webhooks/status", receipt, headers)[0] != 200:
        raise SystemExit("the receipt was not taken")
    if ask(service.port, "/opt-outs/%2B14175559999", method="PUT")[0] != 204:
        raise SystemExit("the opt-out was not taken")
    service.stop()
    provider.stop()


def multiply(database, what, table_name, count, changes):
    """Copies a table's one row `count` times, with expressions over `n` for some columns; returns the seconds."""
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table_name})")]
    unknown = changes.keys() - columns
    if unknown:
        raise SystemExit(f"the table {table_name} has no {', '.join(sorted(unknown))} any more; correct {__file__}")
    kept = [column for column in columns if changes.get(column, "") is not None]
    values = ", ".join(changes.get(column) or f"template.{column}" for column in kept)
    database.execute(f"CREATE TEMP TABLE template AS SELECT * FROM {table_name} LIMIT 1")
    begun = time.monotonic()
    for first in range(1, count + 1, BATCH):
        last = min(count, first + BATCH - 1)
        database.execute(f"INSERT INTO {table_name} ({', '.join(kept)}) {NUMBERS.format(first=first, last=last)} "
                         f"SELECT {values} FROM count CROSS JOIN template")
    database.execute("DROP TABLE template")
    say(f"{count:,} {what} in {time.monotonic() - begun:.0f} s")


def seed(store, records, opt_outs):
    """Fills a store; returns its bytes for each record with its receipt, and for each entry of the suppression list."""
    # What a crash leaves does not matter here.
    database = sqlite3.connect(store, isolation_level=None)
    for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -4000000", "temp_store = MEMORY"):
        database.execute(f"PRAGMA {setting}").fetchall()
    # Over the last 28 days, so that none is swept meanwhile.
    age = f"({int(time.time() * 1000)} - 28 * {DAY} + n * (28 * {DAY} / {records}))"
    sizes = [os.path.getsize(store)]
    multiply(database, "records", "message", records, {
        "id": "printf('seed-%010d', n)", "message_uuid": UUID, "recipient": NUMBER,
        "facts": f"json_replace(template.facts, '$.to', {NUMBER})", "created_at": age, "updated_at": f"{age} + 100",
        "state_since": f"{age} + 100", "keep_until": f"{age} + 30 * {DAY}",
    })
    multiply(database, "receipts", "receipt", records, {
        "number": None, "message_uuid": UUID, "command_id": "printf('seed-%010d', n)", "seen_at": f"{age} + 2000",
    })
    sizes.append(os.path.getsize(store))
    multiply(database, "opt-outs", "opt_out", opt_outs, {
        "number": "printf('+1416%07d', 2000000 + n * 7919 % 7000000)", "at": age, "changed_at": age,
    })
    sizes.append(os.path.getsize(store))
    database.execute("PRAGMA journal_mode = WAL").fetchall()
    database.close()
    return (sizes[1] - sizes[0]) / records, (sizes[2] - sizes[1]) / opt_outs if opt_outs else 0


def start(stage, store, is_cold=False):
    """Seconds from the start to ready, milliseconds of GET /metrics (the median of 20, and the longest), MB at rest."""
    if is_cold:
        with open(store, "rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    service = Service(stage, store=store)
    ready = service.wait_until_ready(600)
    taken = []
    for _ in range(20):
        time.sleep(0.1)
        begun = time.monotonic()
        status, _body = ask(service.port, "/metrics")
        taken.append((time.monotonic() - begun) * 1000)
        if status != 200:
            raise SystemExit(f"GET /metrics was answered {status}")
    rest = memory(service.pid, "VmRSS")
    service.stop()
    return {"ready": ready, "metrics": statistics.median(taken), "metrics_most": max(taken), "rest": rest}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, type=pathlib.Path, help="a release build of sms-bridge")
    parser.add_argument("--records", type=int, default=10_000_000)
    parser.add_argument("--opt-outs", type=int, default=1_000_000)
    parser.add_argument("--store", type=pathlib.Path, help="the seeded store; made if it is not there, and kept")
    parser.add_argument("--queued", type=int, default=0, help="commands in the queue besides those that are measured")
    parser.add_argument("--count", type=int, default=10_000, help="commands that are measured")
    parser.add_argument("--rounds", type=int, default=3, help="of sending, with each store in turn; medians count")
    parser.add_argument("--cores", type=int, default=2, help="that everything may use; 0 for all")
    options = parser.parse_args()
    with Stage(options.binary, options.cores) as stage:
        seeded = options.store.resolve() if options.store else stage.fresh("seeded") / "ledger.db"
        stores = {"empty": stage.fresh("empty") / "ledger.db", "seeded": seeded}
        make_templates(stage, stores["empty"])
        if not seeded.exists():
            make_templates(stage, seeded)
            record, opt_out = seed(seeded, options.records, options.opt_outs)
            say(f"{record:,.0f} bytes for each record with one receipt, {opt_out:,.0f} for each opt-out")
        starts = {
            "empty": start(stage, stores["empty"]),
            "seeded": start(stage, stores["seeded"]),
            "seeded, not in the page cache": start(stage, stores["seeded"], is_cold=True),
        }
        for name, result in starts.items():
            print(f"    {name}: {json.dumps({key: round(value, 3) for key, value in result.items()})}", file=sys.stderr)
        sent = {"empty": [], "seeded": []}
        for _ in range(options.rounds):
            for name, store in stores.items():
                say(f"sending with the {name} store")
                queued = options.queued if name == "seeded" else 0
                result = send(stage, options.count, store=store, queued=queued)
                result.pop("counts")
                print(f"    {json.dumps({key: round(value, 2) for key, value in result.items()})}", file=sys.stderr)
                sent[name].append(result)
        size = os.path.getsize(stores["seeded"])

    def middle(name, key):
        return figure(statistics.median(run[key] for run in sent[name])) if name in sent else ""

    print(table(
        ["store", "ready s", "GET /metrics ms", "longest ms", "RSS at rest MB", "CPU s/10k", "messages/s",
         "peak RSS MB", "foreign load, cores"],
        [[name, *(figure(result[key]) for key in ("ready", "metrics", "metrics_most", "rest")),
          *(middle(name, key) for key in ("cpu", "rate", "peak", "foreign"))] for name, result in starts.items()],
    ))
    print(f"\nThe seeded store has {size / 1e9:.2f} GB; {options.queued:,} commands are queued besides those measured.")


if __name__ == "__main__":
    main()
