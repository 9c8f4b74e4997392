#!/usr/bin/env python3
"""Sends malformed HTTP over raw sockets, and checks every answer against HTTP and the contract.

    SEED=7 SECONDS=600 scripts/attack/malformed.py --port 3000 --pid 4711 --key-file FILE
    scripts/attack/malformed.py --port 3000 --seed 7 --case 1234      one case again, with what is sent

Findings: an answer that is not HTTP, more answers than requests, a 5xx but for a 503 with Retry-After, an error that is
not a problem document, a valid request that is not answered as it should be, /health/live not answered 200 within 3 s,
memory that grows beyond bounds, and a process that ends. With a finding the exit code is 1.

The seed decides what is sent by each case, but not how the cases interleave.
"""

import argparse
import collections
import os
import random
import socket
import struct
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import shapes
from wire import Findings, Incomplete, Malformed, Watch, connect, health, problem_of, read_answer

PATIENCE = 0.4  # Seconds of silence after which an answer is not waited for any more.
VALID_PATIENCE = 3.0
LONGEST = 5.0


def make(seed, number):
    """Case `number`, always the same for a seed."""
    rng = random.Random("%s/%d" % (seed, number))
    kind = rng.choice(shapes.KINDS)
    return kind.__name__, kind(rng)


def reset(connection):
    """Makes the close a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def source(seed, number):
    """Where a case comes from: one of many addresses of this host, since wrong keys hold up whole addresses."""
    rng = random.Random("%s/%d/from" % (seed, number))
    return "127.%d.%d.%d" % tuple(rng.randrange(1, 255) for _ in range(3))


def exchange(host, port, case, origin):
    """Sends a case; returns what came, and whether the other side has ended it regularly."""
    data, is_ended = b"", False
    with connect(host, port, origin=origin if host == "127.0.0.1" else None) as connection:
        try:
            for piece, delay in case.pieces:
                if delay:
                    time.sleep(delay)
                connection.sendall(piece)
            if case.end in ("close", "reset"):
                if case.end == "reset":
                    reset(connection)
                return data, False
            if case.end == "half":
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # It had enough, and may have said why.
        end = time.monotonic() + LONGEST
        connection.settimeout(VALID_PATIENCE if case.exact else PATIENCE)
        try:
            while time.monotonic() < end:
                piece = connection.recv(65536)
                if not piece:
                    is_ended = True
                    break
                data += piece
        except OSError:
            pass  # No answer, or a reset, which discards what was not read yet.
        reset(connection)
    return data, is_ended


def judge(case, data, is_ended, counts):
    """What is wrong with what came; None for nothing."""
    statuses = []
    # A garbled request may read as HEAD or as health.
    is_health = b"/health/" in case.data
    may_be_head = b"HEAD" in case.data.upper()
    while data:
        is_head = len(statuses) in case.heads
        try:
            answer, length = read_answer(data, is_head)
        except Incomplete:
            if is_ended and not may_be_head:
                return "an answer that breaks off: %r" % data[-80:]
            break
        except Malformed as error:
            return str(error)
        data = data[length:]
        counts[answer.status] += 1
        if answer.status < 200:
            continue
        statuses.append(answer.status)
        problem = problem_of(answer, is_head, is_health)
        if problem:
            return problem
    # A 400 may follow an answer that was given before the rest of its request was read, and found broken.
    if len(statuses) - (statuses[-1:] == [400]) > case.most:
        return "%d answers to %d requests" % (len(statuses), case.most)
    if case.exact and statuses != case.exact:
        return "%s instead of %s" % (statuses, case.exact)
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument("--pid", type=int, help="the service's process, whose memory is watched")
    parser.add_argument("--key-file", help="a file with a key of the API, so that what is behind it is reached too")
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("SECONDS") or 600))
    parser.add_argument("--seed", default=os.environ.get("SEED") or str(random.SystemRandom().randrange(10**6)))
    parser.add_argument("--workers", type=int, default=16)
    parser.add_argument("--cases", type=int, default=0, help="end after so many; 0 for no such limit")
    parser.add_argument("--case", type=int, help="send this one alone")
    parser.add_argument("--memory-mb", type=int, default=256, help="by how much memory may grow")
    options = parser.parse_args()
    if options.key_file:
        with open(options.key_file) as file:
            shapes.KEY = b"Authorization: Bearer " + file.read().strip().encode() + b"\r\n"

    findings = Findings()
    counts, kinds = collections.Counter(), collections.Counter()
    print("malformed HTTP: seed %s, %g s" % (options.seed, options.seconds), flush=True)
    if options.case is not None:
        name, case = make(options.seed, options.case)
        data, is_ended = exchange(options.host, options.port, case, source(options.seed, options.case))
        print("%s\n> %r\n< %r" % (name, case.data[:4000], data[:4000]))
        problem = judge(case, data, is_ended, counts)
        print(problem or "nothing is wrong")
        return 1 if problem else 0

    end = time.monotonic() + options.seconds
    lock, numbers = threading.Lock(), iter(range(options.cases) if options.cases else range(10**12))

    def work():
        while time.monotonic() < end:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            name, case = make(options.seed, number)
            own = collections.Counter()
            try:
                data, is_ended = exchange(options.host, options.port, case, source(options.seed, number))
                problem = judge(case, data, is_ended, own)
            except OSError as error:
                problem = "no connection: %s" % type(error).__name__
            if problem:
                kind, _, detail = problem.partition(": ")
                findings.add("%s: %s" % (name, kind), "%s (SEED=%s, --case %d)" % (detail, options.seed, number))
            with lock:
                kinds[name] += 1
                counts.update(own)

    watch = Watch(options.host, options.port, options.pid, findings, [health(options.host)], options.memory_mb)
    with watch:
        workers = [threading.Thread(target=work, daemon=True) for _ in range(options.workers)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    print("seed %s: %d cases of %d kinds" % (options.seed, sum(kinds.values()), len(kinds)))
    print("answers by status: " + (", ".join("%d %d times" % pair for pair in sorted(counts.items())) or "none"))
    watch.report()
    if not kinds:
        findings.add("nothing was sent")
    return findings.report()


if __name__ == "__main__":
    sys.exit(main())
