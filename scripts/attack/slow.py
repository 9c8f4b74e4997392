#!/usr/bin/env python3
"""Holds sockets that send nothing or one byte a second; asks for health and posts webhooks meanwhile.

    VONAGE_SIGNATURE_SECRET=... scripts/attack/slow.py --port 3000 --pid 4711 --silent 600 --drip 600 --seconds 120

What the service closes is opened again, so that as many are there all the time; a third of those that drip are in a
head, a third in a body of known length, a third in a chunked one. Together they are more than a port takes by default
(1,000): clients that send whole requests have to be served all the same.

Findings: /health/live not answered 200 within 3 s, a webhook not answered within 3 s (200 where the secret is given),
memory that grows beyond bounds, a process that ends. With a finding the exit code is 1.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import resource
import select
import socket
import sys
import time
import uuid

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wire import Findings, Watch, health

HEADS = [
    b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    b"POST /webhooks/status HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n",
    b"POST /webhooks/inbound HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n",
]


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def webhook(host, secret, query):
    """A receipt of its own each time, signed as Vonage signs where the secret is given."""

    def make():
        body = json.dumps(
            {
                "message_uuid": str(uuid.uuid4()),
                "to": "14155550123",
                "from": "14155550100",
                "channel": "sms",
                "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "status": "delivered",
            }
        ).encode()
        authorization, right = b"", {200}
        if secret:
            claims = {
                "iss": "Vonage",
                "iat": int(time.time()),
                "jti": str(uuid.uuid4()),
                "payload_hash": hashlib.sha256(body).hexdigest(),
            }
            signed = base64url(b'{"alg":"HS256","typ":"JWT"}') + b"." + base64url(json.dumps(claims).encode())
            signature = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
            authorization = b"Authorization: Bearer " + signed + b"." + base64url(signature) + b"\r\n"
        else:
            right = {200, 503}
        head = "POST /webhooks/status%s HTTP/1.1\r\nHost: %s\r\n" % (query, host)
        head += "Content-Type: application/json\r\nConnection: close\r\n"
        return head.encode() + authorization + b"Content-Length: %d\r\n\r\n" % len(body) + body, right

    return "POST /webhooks/status", make


class Crowd:
    """Sockets that are held, and opened again when they are closed."""

    def __init__(self, address, silent, drip, sources):
        self.address, self.sources = address, sources
        self.wanted = {None: silent}
        for place, head in enumerate(HEADS):
            self.wanted[head] = drip // len(HEADS) + (1 if place < drip % len(HEADS) else 0)
        self.held, self.waiting = {}, {}
        self.opened = self.closed = self.refused = self.most = 0
        self.poll = select.poll()

    def fill(self, budget=200):
        """Opens what is missing, without waiting for it; a few at a time, so that the rest goes on meanwhile."""
        have = {}
        for head, _ in self.held.values():
            have[head] = have.get(head, 0) + 1
        for head, wanted in self.wanted.items():
            for _ in range(min(budget, wanted - have.get(head, 0))):
                budget -= 1
                connection = socket.socket()
                if self.sources > 1:
                    connection.bind(("127.0.1.%d" % (self.opened % self.sources + 1), 0))
                connection.setblocking(False)
                connection.connect_ex(self.address)
                self.held[connection.fileno()] = (head, connection)
                self.waiting[connection.fileno()] = head
                self.poll.register(connection, select.POLLIN | select.POLLOUT | select.POLLERR | select.POLLHUP)
                self.opened += 1
        self.most = max(self.most, len(self.held) - len(self.waiting))

    def drop(self, number):
        self.waiting.pop(number, None)
        _, connection = self.held.pop(number)
        self.poll.unregister(connection)
        connection.close()

    def turn(self, milliseconds):
        """Notes what was connected, answered and closed."""
        for number, event in self.poll.poll(milliseconds):
            if number not in self.held:
                continue
            head, connection = self.held[number]
            try:
                if number in self.waiting and event & select.POLLOUT:
                    error = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                    if error:
                        raise OSError(error, "not connected")
                    del self.waiting[number]
                    self.poll.modify(connection, select.POLLIN | select.POLLERR | select.POLLHUP)
                    if head:
                        connection.send(head)
                elif event & select.POLLIN and connection.recv(65536):
                    continue  # An answer; the close comes behind it.
                elif event & (select.POLLIN | select.POLLERR | select.POLLHUP):
                    self.closed += 1
                    self.drop(number)
            except OSError:
                self.refused += 1
                self.drop(number)

    def drip(self):
        for number, (head, connection) in list(self.held.items()):
            if head and number not in self.waiting:
                try:
                    connection.send(b"x")
                except OSError:
                    self.closed += 1
                    self.drop(number)

    def close(self):
        for number in list(self.held):
            self.drop(number)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument("--pid", type=int, help="the service's process, whose memory is watched")
    parser.add_argument("--silent", type=int, default=600, help="sockets that send nothing")
    parser.add_argument("--drip", type=int, default=600, help="sockets that send a byte a second")
    parser.add_argument(
        "--sources", type=int, default=1, help="addresses of this host that they come from, at most 250"
    )
    parser.add_argument("--query", default="", help="of the webhooks' address, as ?token=...")
    parser.add_argument("--seconds", type=float, default=float(os.environ.get("SECONDS") or 120))
    parser.add_argument("--memory-mb", type=int, default=256, help="by how much memory may grow")
    options = parser.parse_args()

    if not 1 <= options.sources <= 250:
        parser.error("--sources has to be from 1 to 250")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    need = options.silent + options.drip + 100
    if hard != resource.RLIM_INFINITY and need > hard:
        sys.exit("%d sockets are more than the %d files that may be open here" % (need, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, need), hard))

    print("slow clients: %d silent, %d dripping, %g s" % (options.silent, options.drip, options.seconds), flush=True)
    findings = Findings()
    secret = os.environ.get("VONAGE_SIGNATURE_SECRET", "")
    requests = [health(options.host), webhook(options.host, secret, options.query)]
    watch = Watch(options.host, options.port, options.pid, findings, requests, options.memory_mb)
    crowd = Crowd((options.host, options.port), options.silent, options.drip, options.sources)
    with watch:
        end, next_drip = time.monotonic() + options.seconds, 0.0
        while time.monotonic() < end:
            crowd.fill()
            crowd.turn(50)
            if time.monotonic() >= next_drip:
                crowd.drip()
                next_drip = time.monotonic() + 1
    crowd.close()
    print(
        "sockets: %d opened, %d at a time at most, %d closed by the service, %d refused"
        % (crowd.opened, crowd.most, crowd.closed, crowd.refused)
    )
    watch.report()
    if not watch.asked:
        findings.add("nothing was asked")
    return findings.report()


if __name__ == "__main__":
    sys.exit(main())
