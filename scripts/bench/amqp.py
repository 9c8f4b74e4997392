"""As much of an AMQP 0-9-1 client as the measurements need: queues, their depths, confirmed publishing."""

import socket
import struct
import urllib.parse

FRAME_END = b"\xce"
UNCONFIRMED = 4_000  # Messages at a time.
BATCH = 250


def short(text):
    data = text.encode()
    return bytes([len(data)]) + data


def table(entries):
    data = b"".join(short(name) + b"S" + long(value) for name, value in entries.items())
    return struct.pack(">I", len(data)) + data


def long(text):
    data = text.encode()
    return struct.pack(">I", len(data)) + data


def frame(kind, channel, payload):
    return struct.pack(">BHI", kind, channel, len(payload)) + payload + FRAME_END


class Connection:
    """One connection with one channel; every call waits for the broker's answer, 60 s at most."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port or 5672), 60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.is_confirming = False
        self.published = 0
        self.open_tags = set()
        self.lowest = 1
        self.socket.sendall(b"AMQP\0\0\x09\x01")
        self.expect(10, 10)
        user, password = (urllib.parse.unquote(part or "guest") for part in (parts.username, parts.password))
        self.call(0, 10, 11, table({}) + short("PLAIN") + long(f"\0{user}\0{password}") + short("en_US"), 10, 30)
        self.send(0, 10, 31, struct.pack(">HIH", 1, 131072, 0))
        self.call(0, 10, 40, short(urllib.parse.unquote(parts.path[1:]) or "/") + b"\0\0", 10, 41)
        self.call(1, 20, 10, b"\0", 20, 11)

    def close(self):
        self.socket.close()

    # Queues

    def declare(self, queue, kind="quorum"):
        """A durable queue of a kind."""
        self.call(1, 50, 10, b"\0\0" + short(queue) + b"\x02" + table({"x-queue-type": kind}), 50, 11)

    def bind(self, queue, exchange, key):
        self.call(1, 50, 20, b"\0\0" + short(queue) + short(exchange) + short(key) + b"\0" + table({}), 50, 21)

    def purge(self, queue):
        self.call(1, 50, 30, b"\0\0" + short(queue) + b"\0", 50, 31)

    def depth(self, queue):
        """How many messages of a queue are ready."""
        answer = self.call(1, 50, 10, b"\0\0" + short(queue) + b"\x01" + table({}), 50, 11)
        return struct.unpack_from(">I", answer, 1 + answer[0])[0]

    # Publishing

    def publish_all(self, exchange, key, messages):
        """Publishes `(message id, body)` persistently, and returns when the broker has confirmed all of them."""
        if not self.is_confirming:
            self.call(1, 85, 10, b"\0", 85, 11)
            self.is_confirming = True
        method = frame(1, 1, struct.pack(">HHH", 60, 40, 0) + short(exchange) + short(key) + b"\0")
        batch = []
        for name, body in messages:
            properties = short("application/json") + b"\x02" + short(name)
            header = struct.pack(">HHQH", 60, 0, len(body), 0x8000 | 0x1000 | 0x0080) + properties
            batch += (method, frame(2, 1, header), frame(3, 1, body))
            self.published += 1
            self.open_tags.add(self.published)
            if len(batch) == 3 * BATCH:
                self.socket.sendall(b"".join(batch))
                batch = []
                self.wait_for_confirms(UNCONFIRMED)
        self.socket.sendall(b"".join(batch))
        self.wait_for_confirms(0)

    def wait_for_confirms(self, most):
        while len(self.open_tags) > most:
            kind, method, arguments = self.read()
            if kind != (60, 80):
                raise RuntimeError(f"the broker answered a publish with {kind}")
            tag, is_multiple = struct.unpack(">QB", arguments[:9])
            if is_multiple:
                for number in range(self.lowest, tag + 1):
                    self.open_tags.discard(number)
                self.lowest = max(self.lowest, tag + 1)
            else:
                self.open_tags.discard(tag)

    # Frames

    def send(self, channel, category, method, arguments):
        self.socket.sendall(frame(1, channel, struct.pack(">HH", category, method) + arguments))

    def call(self, channel, category, method, arguments, *answer):
        self.send(channel, category, method, arguments)
        return self.expect(*answer)

    def expect(self, category, method):
        kind, _, arguments = self.read()
        if kind != (category, method):
            raise RuntimeError(f"the broker answered {kind} where {(category, method)} was due: {arguments[:200]!r}")
        return arguments

    def read(self):
        """The next method as its two numbers, its channel, and its arguments."""
        while True:
            kind, channel, size = struct.unpack(">BHI", self.take(7))
            payload = self.take(size + 1)[:-1]
            if kind == 1:
                return struct.unpack(">HH", payload[:4]), channel, payload[4:]

    def take(self, size):
        while len(self.received) < size:
            data = self.socket.recv(262144)
            if not data:
                raise RuntimeError("the broker closed the connection")
            self.received += data
        data, self.received = self.received[:size], self.received[size:]
        return data
