#!/usr/bin/env python3
"""Measures a release build of the service at its two jobs, between a private RabbitMQ and a provider in C.

    run.py --binary FILE                     the table: times of three rounds, and counts of one more
    run.py --binary FILE --only A --rounds 1
    run.py --binary FILE --check             counts alone, against thresholds.json; exits 1 if one is exceeded
    run.py --binary FILE --write-thresholds  counts alone, and thresholds.json made from them

A: commands wait in the queue, the provider answers at once; `A, 50 ms`: it answers after that time. Measured is from
the first outcome in the broker to the last. B: webhooks with a JWT over 64 connections, each of which waits for its
answer.

Times depend on what else the machine does: that is printed beside them, in cores. Allocations and written bytes for
each message do not. The other counts depend on how many messages happen to come together, and so a little on it. They
are counted in runs of their own, since counting costs time.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time
import uuid

sys.dont_write_bytecode = True
import webhooks
from stage import HERE, RESULTS, Provider, Service, Stage, say
from window import Window, memory

JOBS = ("A", "A, 50 ms", "B")
CONNECTIONS = 64
WARM_UP = 2_000
THRESHOLDS = HERE / "thresholds.json"
# How far a count may exceed the measured one. What comes once for a group depends on how large the groups happen to be.
MARGINS = {"allocations": 1.15, "bytes written": 1.15} | dict.fromkeys(
    ("writes", "file writes", "file bytes", "syncs", "reads", "waits", "switches"), 1.5)


def commands(count):
    """Commands as a service publishes them, about 150 bytes each, under ids that no run has used before."""
    run = uuid.uuid4().hex[:8]
    for number in range(count):
        text = f"Your parcel {number:08d} arrives today between 2 and 4 pm."
        body = {"to": f"+1415555{number % 10000:04d}", "text": text, "from": "+14155550100",
                "client_ref": f"order-{number:08d}"}
        yield f"bench-{run}-{number:08d}", json.dumps(body).encode()


def per_message(result, window, done):
    """What a window used, for each of its messages."""
    result["rate"] = done / window.seconds
    result["cpu"] = window.cpu["service"] / done * 1e4
    result["broker"] = window.cpu["broker"] / done * 1e4
    result["foreign"] = window.foreign
    result["counts"] = {name: count / done for name, count in window.counts.items()}
    return result


def send(stage, count, delay=0, is_counted=False, store=None, queued=0):
    """Job A; `store` is a database that is there already, `queued` how many commands stay in the queue."""
    stage.bind_results("sms.outbound", "accepted")
    stage.amqp.publish_all("sms.commands", "send", commands(count + queued))
    time.sleep(1)  # The broker is still writing when it has confirmed.
    provider = Provider(stage, delay)
    service = Service(stage, is_counted=is_counted, store=store)
    windows = []
    look = lambda: windows.append(Window(service, broker=stage.broker, provider=provider.pid))
    first, last = stage.watch(RESULTS, count, service, look)
    window = windows[0].close()
    result = per_message({}, window, last - first)
    time.sleep(0.5)
    result["peak"] = memory(service.pid, "VmHWM")
    taken = provider.counts()
    service.stop()
    provider.stop()
    left, outcomes = stage.amqp.depth("sms.send"), stage.amqp.depth(RESULTS)
    if queued:
        stage.amqp.purge("sms.send")
    elif taken["accepted"] != count or taken["refused"] or left or outcomes != count:
        raise SystemExit(f"a wrong result: {count} commands, {left} left, the provider has {taken}")
    return result


def receive(stage, count, is_counted=False):
    """Job B."""
    file = stage.folder / f"webhooks-{count}"
    if not file.exists():
        webhooks.write(file, count + WARM_UP)
    stage.bind_results("sms.status", "#")
    service = Service(stage, is_counted=is_counted)
    service.wait_until_ready()
    time.sleep(5)
    result = {"rest": memory(service.pid, "VmRSS"), "rest_own": memory(service.pid, "RssAnon")}

    def load(skip, number):
        command = [stage.tools["load"], service.port, CONNECTIONS, file, skip, number]
        return json.loads(subprocess.run([*map(str, command)], check=True, stdout=subprocess.PIPE, text=True).stdout)

    load(0, WARM_UP)
    time.sleep(0.5)
    window = Window(service, broker=stage.broker)
    answers = load(WARM_UP, count)
    per_message(result, window.close(), count)
    result |= {"rate": count / answers["seconds"], "p50": answers["p50"], "p99": answers["p99"]}
    time.sleep(0.5)
    result["peak"] = memory(service.pid, "VmHWM")
    service.stop()
    events = stage.amqp.depth(RESULTS)
    if answers["others"] or events != count + WARM_UP:
        raise SystemExit(f"a wrong result: {count + WARM_UP} webhooks, {events} events, {answers}")
    return result


def run(stage, job, options, is_counted=False):
    say(f"{job}{', counted' if is_counted else ''}")
    if job == "B":
        result = receive(stage, options.webhooks, is_counted)
    else:
        result = send(stage, options.count, 50 if "50" in job else 0, is_counted)
    figures = {name: round(value, 2) for name, value in result.items() if name != "counts"}
    print(f"    {json.dumps(figures)}", file=sys.stderr, flush=True)
    return result


# --- What is printed


def figure(value):
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "| --- |" + " ---: |" * (len(heads) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def times(results):
    heads = {"rate": "messages/s", "cpu": "CPU s/10k", "broker": "broker's CPU s/10k", "p50": "p50 ms", "p99": "p99 ms",
             "peak": "peak RSS MB", "rest": "RSS at rest MB", "rest_own": "of it anonymous MB",
             "foreign": "foreign load, cores"}

    def middle(runs, name):
        values = [run[name] for run in runs if name in run]
        return statistics.median(values) if values else None

    rows = [[job, *(figure(middle(runs, name)) for name in heads)] for job, runs in results.items()]
    return table(["job", *heads.values()], rows)


def counts(results):
    heads = list(MARGINS)
    rows = [[job, *(figure(found[name]) for name in heads)] for job, found in results.items()]
    return table(["for each message", *heads], rows)


def check(found):
    """Each count that exceeds its bound, as a sentence."""
    bounds = json.loads(THRESHOLDS.read_text())
    for job, values in found.items():
        for name, value in values.items():
            known = bounds[job][name]
            if value > known["bound"]:
                bound = f"{known['bound']:.2f} at most (measured: {known['measured']:.2f})"
                yield f"{job}: {value:.2f} {name} for each message, {bound}"


def write_thresholds(found):
    known = json.loads(THRESHOLDS.read_text()) if THRESHOLDS.exists() else {}
    for job, values in found.items():
        known[job] = {
            name: {"measured": round(values[name], 3), "bound": round(values[name] * margin, 3)}
            for name, margin in MARGINS.items()
        }
    THRESHOLDS.write_text(json.dumps(known, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, type=pathlib.Path, help="a release build of sms-bridge")
    parser.add_argument("--only", choices=JOBS, action="append", help="a job; can be given more than once")
    parser.add_argument("--rounds", type=int, default=3, help="of times; medians are printed")
    parser.add_argument("--count", type=int, default=10_000, help="commands of a run")
    parser.add_argument("--webhooks", type=int, default=20_000, help="webhooks of a run")
    parser.add_argument("--cores", type=int, default=2, help="that everything may use; 0 for all")
    parser.add_argument("--check", action="store_true", help="counts alone, against thresholds.json")
    parser.add_argument("--write-thresholds", action="store_true", help="counts alone, into thresholds.json")
    options = parser.parse_args()
    jobs = options.only or JOBS
    with Stage(options.binary, options.cores) as stage:
        if not (options.check or options.write_thresholds):
            results = {job: [] for job in jobs}
            for _ in range(options.rounds):
                for job in jobs:
                    results[job].append(run(stage, job, options))
            print(times(results) + "\n", flush=True)
        found = {job: run(stage, job, options, is_counted=True)["counts"] for job in jobs}
    print(counts(found))
    if options.write_thresholds:
        write_thresholds(found)
    if options.check:
        problems = list(check(found))
        print("\n".join(problems) if problems else "\nevery count is within its bound")
        sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
