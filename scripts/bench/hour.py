#!/usr/bin/env python3
"""Shows how much memory the service has under an even load: commands and receipts for a long time.

    hour.py --binary FILE --minutes 60 --rate 200

`--rate` commands a second are published as they come, and a receipt for each of them is posted. The memory is looked at a
dozen times; what is sent is checked at the end.
"""

import argparse
import itertools
import json
import pathlib
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import webhooks
from run import CONNECTIONS, commands, figure, table
from stage import RESULTS, Provider, Service, Stage, say, wait_until
from window import Window, memory

LOOKS = 12


def steady(stage, minutes, rate):
    """One row for each look: minutes, resident memory, what of it is anonymous, CPU for each message."""
    count = minutes * 60 * rate
    step = max(1, minutes * 60 // LOOKS)
    say(f"{rate} commands and receipts a second for {minutes} minutes")
    receipts = stage.folder / "receipts"
    stage.bind_results("sms.outbound", "accepted")
    provider, service = Provider(stage), Service(stage)
    service.wait_until_ready()
    source, begun, rows = commands(count), time.monotonic(), []
    window = Window(service)
    for second in range(minutes * 60):
        stage.amqp.publish_all("sms.commands", "send", itertools.islice(source, rate))
        webhooks.write(receipts, rate, seed=second)
        load = [stage.tools["load"], service.port, min(CONNECTIONS, rate), receipts, 0, rate]
        answers = json.loads(subprocess.run([*map(str, load)], check=True, stdout=subprocess.PIPE, text=True).stdout)
        if answers["others"]:
            raise SystemExit(f"a wrong result: {answers}")
        if (second + 1) % step == 0:
            window.close()
            used = window.cpu["service"] / (step * rate) * 1e4
            rows.append([(second + 1) / 60, memory(service.pid, "VmRSS"), memory(service.pid, "RssAnon"), used])
            print(f"    {[round(value, 1) for value in rows[-1]]}", file=sys.stderr, flush=True)
            window = Window(service)
        time.sleep(max(0.0, begun + second + 1 - time.monotonic()))
    wait_until(60, "all outcomes", lambda: stage.amqp.depth(RESULTS) >= count, service.process)
    taken, peak = provider.counts(), memory(service.pid, "VmHWM")
    service.stop()
    provider.stop()
    if taken["accepted"] != count or taken["refused"] or stage.amqp.depth(RESULTS) != count:
        raise SystemExit(f"a wrong result: {count} commands, the provider has {taken}")
    return rows, peak


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, type=pathlib.Path, help="a release build of sms-bridge")
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--rate", type=int, default=200, help="commands and receipts a second")
    parser.add_argument("--cores", type=int, default=2, help="that everything may use; 0 for all")
    options = parser.parse_args()
    with Stage(options.binary, options.cores) as stage:
        rows, peak = steady(stage, options.minutes, options.rate)
    print(table(["minute", "RSS MB", "of it anonymous MB", "CPU s/10k commands and receipts"],
                [[figure(value) for value in row] for row in rows]))
    print(f"\nPeak RSS: {figure(peak)} MB.")


if __name__ == "__main__":
    main()
