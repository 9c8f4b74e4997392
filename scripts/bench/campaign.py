#!/usr/bin/env python3
"""Measures the fan-out of campaigns: one of many recipients to its end, and many that nearly nothing is sent of.

    campaign.py --binary FILE --recipients 100000

The first shows what a campaign gets: at most 1,000 of its commands are in the lane, so the fan-out goes no faster than
sending. The second shows the fan-out by itself: campaigns of 1,000 recipients that all begin at one moment, with a
provider so slow that their commands stay in the lane.
"""

import argparse
import csv
import datetime
import json
import math
import pathlib
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from run import figure, table
from stage import Provider, Service, Stage, ask, say, wait_until
from window import Window, memory

LANE = "sms.send.bulk"
PER_CAMPAIGN = 1_000  # As many of a campaign's commands are in the lane at most.
TAKEN_OUT = 2_000  # More than a consumer holds of the lane.


def write_recipients(path, count):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["to", "name"])
        writer.writerows([f"+1415{2_000_000 + number}", f"Ada {number}"] for number in range(count))


def publish(stage, name, recipients):
    """Publishes a campaign by the command line; returns the seconds."""
    path = stage.folder / f"recipients-{recipients}.csv"
    if not path.exists():
        write_recipients(path, recipients)
    begun = time.monotonic()
    command = [stage.binary, "campaign", "--file", path, "--text", "Hi {{name}}, your table is ready.", "--id", name]
    subprocess.run([*command, "--no-wait"], cwd=stage.folder, env=stage.environment, check=True,
                   stdout=subprocess.DEVNULL)
    return time.monotonic() - begun


def state(service, name):
    status, body = ask(service.port, f"/campaigns/{name}")
    return json.loads(body) if status == 200 else {}


def whole(stage, recipients):
    """One campaign to its end."""
    say(f"a campaign of {recipients:,} to its end")
    provider, service = Provider(stage), Service(stage)
    service.wait_until_ready()
    result = {"publish": publish(stage, "whole", recipients)}
    begun = time.monotonic()
    is_begun = lambda: state(service, "whole").get("accepted", 0) > 0
    wait_until(600 + recipients / 500, "the campaign is taken in", is_begun, service.process)
    result["intake"] = time.monotonic() - begun
    window, first = Window(service, broker=stage.broker, provider=provider.pid), state(service, "whole")["accepted"]
    result["memory"], reached = [], 0

    def is_over():
        nonlocal reached
        time.sleep(0.2)
        known = state(service, "whole")
        share = known.get("accepted", 0) * 4 // recipients
        if share > reached:
            reached = share
            result["memory"].append(round(memory(service.pid, "VmRSS")))
        return known.get("state") == "completed"

    wait_until(600 + recipients / 50, "the campaign", is_over, service.process)
    window.close()
    result |= {"rate": (recipients - first) / window.seconds, "cpu": window.cpu["service"] / (recipients - first) * 1e4,
               "foreign": window.foreign, "peak": memory(service.pid, "VmHWM")}
    taken = provider.counts()["accepted"]
    service.stop()
    provider.stop()
    if taken != recipients:
        raise SystemExit(f"a wrong result: the provider has {taken} of {recipients}")
    return result


def alone(stage, recipients):
    """Campaigns of 1,000 recipients that begin at one moment, and are not sent."""
    campaigns = math.ceil(recipients / PER_CAMPAIGN)
    say(f"{campaigns:,} campaigns of {PER_CAMPAIGN:,} into the lane")
    provider, service = Provider(stage, delay=8_000), Service(stage)
    service.wait_until_ready()
    # Some 5,000 recipients a second are taken in.
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=60 + campaigns // 4)
    to = [f"+1415{2_000_000 + number}" for number in range(PER_CAMPAIGN)]
    body = json.dumps({"text": "Your table is ready.", "send_at": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "recipients": to})
    stage.amqp.publish_all("sms.commands", "campaign", ((f"alone-{number}", body.encode()) for number in range(campaigns)))

    def are_in():
        time.sleep(1)
        # They are taken in one after the other; the last look goes over all.
        numbers = range(campaigns - 1, -1, -1)
        return all(state(service, f"alone-{number}").get("pending") == PER_CAMPAIGN for number in numbers)

    wait_until(600 + campaigns, "the campaigns are taken in", are_in, service.process)
    if datetime.datetime.now(datetime.timezone.utc) > moment:
        raise SystemExit("the campaigns were not taken in before they began; take fewer recipients")
    windows = []
    look = lambda: windows.append(Window(service, broker=stage.broker, provider=provider.pid))
    goal = campaigns * PER_CAMPAIGN - TAKEN_OUT
    first, last = stage.watch(LANE, goal // 4, service, look, limit=3600)
    quarter = memory(service.pid, "VmRSS")
    _, last = stage.watch(LANE, goal, service, limit=3600)
    window = windows[0].close()
    done = last - first
    result = {"rate": done / window.seconds, "cpu": window.cpu["service"] / done * 1e4, "foreign": window.foreign,
              "memory": [round(quarter), round(memory(service.pid, "VmRSS"))], "peak": memory(service.pid, "VmHWM")}
    service.process.kill()
    service.process.wait()
    provider.stop()
    stage.amqp.purge(LANE)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, type=pathlib.Path, help="a release build of sms-bridge")
    parser.add_argument("--recipients", type=int, default=100_000)
    parser.add_argument("--only", choices=("whole", "alone"))
    parser.add_argument("--cores", type=int, default=2, help="that everything may use; 0 for all")
    options = parser.parse_args()
    rows = []
    with Stage(options.binary, options.cores) as stage:
        if options.only != "alone":
            result = whole(stage, options.recipients)
            print(f"    {json.dumps(result)}", file=sys.stderr)
            rows.append([f"one of {options.recipients:,}, sent", result])
        if options.only != "whole":
            result = alone(stage, options.recipients)
            print(f"    {json.dumps(result)}", file=sys.stderr)
            rows.append(["1,000 each, into the lane alone", result])
    heads = {"publish": "published in s", "intake": "first accepted after s", "rate": "messages/s", "cpu": "CPU s/10k",
             "peak": "peak RSS MB", "foreign": "foreign load, cores"}
    cells = [[name, *(figure(result.get(key)) for key in heads)] for name, result in rows]
    print(table(["campaign", *heads.values()], cells))


if __name__ == "__main__":
    main()
