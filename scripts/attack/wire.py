"""What the attacks share: answers read strictly from a raw socket, and a watch over the service meanwhile.

Python 3's standard library alone.
"""

import json
import re
import socket
import threading
import time

LIMIT = 3.0  # Seconds in which health and webhooks have to be answered, whatever else goes on.

STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9]) [\t -~\x80-\xff]*")
FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t -~\x80-\xff]*)")


class Malformed(Exception):
    """What came is not HTTP."""


class Incomplete(Exception):
    """What came is the beginning of an answer."""


class Answer:
    """One answer as it was read."""

    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body

    def field(self, name):
        values = [value for key, value in self.fields if key == name]
        return values[0] if values else None


def read_answer(data, is_head=False):
    """Reads one answer from the beginning of some bytes; returns it and how many bytes it takes."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        # An answer cannot begin with anything else, so that need not be waited for.
        if not b"HTTP/1.".startswith(data[:7]):
            raise Malformed("begins with no status line: %r" % data[:60])
        if len(data) > 65536:
            raise Malformed("a head over 64 KiB")
        raise Incomplete
    lines = data[:end].split(b"\r\n")
    first = STATUS_LINE.fullmatch(lines[0])
    if not first:
        raise Malformed("no status line: %r" % lines[0][:60])
    fields = []
    for line in lines[1:]:
        match = FIELD.fullmatch(line)
        if not match:
            raise Malformed("no header field: %r" % line[:60])
        fields.append((match[1].decode("latin-1").lower(), match[2].decode("latin-1").strip()))
    answer = Answer(int(first[1]), fields, b"")
    start = end + 4
    if answer.status < 200 or answer.status in (204, 304) or is_head:
        return answer, start
    lengths = {value for name, value in fields if name == "content-length"}
    coding = answer.field("transfer-encoding")
    if coding is not None and lengths:
        raise Malformed("Content-Length beside Transfer-Encoding")
    if coding is not None:
        if coding.lower() != "chunked":
            raise Malformed("transfer coding %r" % coding)
        return read_chunks(answer, data, start)
    if len(lengths) != 1:
        raise Malformed("%d lengths of one body" % len(lengths))
    text = lengths.pop()
    if not re.fullmatch("[0-9]{1,15}", text):
        raise Malformed("length %r" % text)
    stop = start + int(text)
    if len(data) < stop:
        raise Incomplete
    answer.body = data[start:stop]
    return answer, stop


def read_chunks(answer, data, start):
    """Reads a chunked body; returns the answer and where it ends."""
    body = b""
    while True:
        line = data.find(b"\r\n", start)
        if line < 0:
            raise Incomplete
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", data[start:line]):
            raise Malformed("chunk size %r" % data[start:line][:20])
        size = int(data[start:line], 16)
        stop = line + 2 + size + 2
        if len(data) < stop:
            raise Incomplete
        if data[stop - 2 : stop] != b"\r\n":
            raise Malformed("a chunk without its end")
        if size == 0:
            answer.body = body
            return answer, stop
        body += data[line + 2 : stop - 2]
        start = stop


def problem_of(answer, is_head=False, is_health=False):
    """What is wrong with a well-formed answer by the contract; None for nothing."""
    status = answer.status
    if status >= 500 and status != 503:
        return "status %d" % status
    if status == 503 and not is_health and answer.field("retry-after") is None:
        return "503 without Retry-After, which has no documented meaning"
    if status >= 400 and status != 422 and not is_head and not is_health:
        if (answer.field("content-type") or "").split(";")[0] != "application/problem+json":
            return "%d is not a problem document: %r" % (status, answer.field("content-type"))
        try:
            if not isinstance(json.loads(answer.body).get("error"), str):
                return "%d without error" % status
        except (ValueError, AttributeError):
            return "%d whose body is not a JSON object" % status
    return None


def connect(host, port, timeout=LIMIT, origin=None):
    """A new connection that sends at once what is written; from the address `origin`, where one is given."""
    connection = socket.create_connection((host, port), timeout, (origin, 0) if origin else None)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def ask(host, port, request, limit=LIMIT):
    """Sends a request over a connection of its own; returns the answer and the seconds that it took.

    Raises TimeoutError when the answer is not there within the limit.
    """
    start = time.monotonic()
    with connect(host, port, limit) as connection:
        connection.sendall(request)
        data = b""
        while True:
            rest = start + limit - time.monotonic()
            if rest <= 0:
                raise TimeoutError("no answer within %.1f s" % limit)
            connection.settimeout(rest)
            piece = connection.recv(65536)
            data += piece
            try:
                return read_answer(data)[0], time.monotonic() - start
            except Incomplete:
                if not piece:
                    raise Malformed("the connection was closed after %d bytes" % len(data)) from None


class Findings:
    """What was found wrong, the first of each kind in full."""

    def __init__(self, most=20):
        self.lock, self.counts, self.most = threading.Lock(), {}, most

    def add(self, kind, detail=""):
        with self.lock:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            if self.counts[kind] == 1 and len(self.counts) <= self.most:
                print("!! %s %s" % (kind, detail), flush=True)

    def report(self):
        """Prints the kinds; returns the exit code."""
        for kind, count in sorted(self.counts.items()):
            print("!! %6d x %s" % (count, kind))
        print("%d findings" % sum(self.counts.values()))
        return 1 if self.counts else 0


class Watch:
    """Asks the service again and again, beside an attack, and reads how much memory it has.

    `requests` are names and functions that give a request and the statuses that are right for it.
    """

    def __init__(self, host, port, pid, findings, requests, memory_mb):
        self.host, self.port, self.pid, self.findings = host, port, pid, findings
        self.requests, self.memory_mb = requests, memory_mb
        self.slowest = {name: 0.0 for name, _ in requests}
        self.asked = 0
        self.stopping = threading.Event()
        self.first = self.peak = self.last = self.memory()
        self.threads = [threading.Thread(target=self.look, args=request, daemon=True) for request in requests]
        self.threads.append(threading.Thread(target=self.weigh, daemon=True))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join(LIMIT + 2)

    def memory(self):
        """VmRSS in KiB; None where the process is not given, or gone."""
        if self.pid is None:
            return None
        try:
            with open("/proc/%d/status" % self.pid) as file:
                for line in file:
                    if line.startswith("VmRSS:"):
                        return int(line.split()[1])
        except OSError:
            pass
        self.findings.add("the service has ended")
        return None

    def weigh(self):
        while not self.stopping.wait(0.5):
            self.last = self.memory()
            if self.last is None:
                if self.pid is not None:
                    return
                continue
            self.peak = max(self.peak or 0, self.last)
        if self.first and self.peak and self.peak - self.first > self.memory_mb * 1024:
            self.findings.add("memory grew by more than %d MB" % self.memory_mb)

    def look(self, name, make):
        while not self.stopping.wait(0.5):
            request, right = make()
            try:
                try:
                    answer, seconds = ask(self.host, self.port, request)
                except ConnectionResetError:
                    # All sockets are this host's, where no address has a share: on a full port a connection whose
                    # request has not come gives way. Vonage asks again as well.
                    answer, seconds = ask(self.host, self.port, request)
            except (OSError, Malformed) as error:
                self.findings.add("%s was not answered" % name, "%s: %s" % (type(error).__name__, error))
                continue
            self.asked += 1
            self.slowest[name] = max(self.slowest[name], seconds)
            if answer.status not in right:
                self.findings.add("%s was answered %d" % (name, answer.status), repr(answer.body[:200]))

    def report(self):
        for name, seconds in self.slowest.items():
            print("slowest answer of %s: %.3f s" % (name, seconds))
        if self.pid is not None:
            figures = tuple(map(megabytes, (self.first, self.peak, self.last)))
            print("VmRSS in MB: %s at the start, %s at most, %s at the end" % figures)


def megabytes(kib):
    return "?" if kib is None else "%.1f" % (kib / 1024)


def health(host):
    """What is asked of /health/live."""
    text = "GET /health/live HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n" % host
    return "GET /health/live", lambda: (text.encode(), {200})
