"""Far more than a person can read: 1,000 messages a second for 20 seconds, on the stream of events that a page follows."""

import http.client
import http.server
import json
import math
import os
import threading
import time
import urllib.parse

RATE = 1000
SECONDS = 20

# A timer of 100 ms in the page: how late each tick was.
WATCH = """
window.lateness = [];
let due = performance.now() + 100;
window.watch = setInterval(() => {
  const now = performance.now();
  window.lateness.push(now - due);
  due = now + 100;
}, 100);
"""


class Flood(http.server.ThreadingHTTPServer):
    """What stands behind a page, but for its stream of events, which is made here.

    `path` is the stream's, `pause` the seconds between two writes, `first` what it begins with, and `batch(start, end)` the
    events of the messages from one number to before another.
    """

    daemon_threads = True

    def __init__(self, base, path, batch, first=b"", pause=0.01):
        address = urllib.parse.urlsplit(base)
        self.behind = (address.hostname, address.port)
        self.path, self.batch, self.first, self.pause = path, batch, first, pause
        self.sent = 0
        self.is_open = threading.Event()
        self.is_over = threading.Event()
        super().__init__(("127.0.0.1", 0), _Requests)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class _Requests(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == self.server.path:
            return self.stream()
        connection = http.client.HTTPConnection(*self.server.behind, timeout=60)
        kept = {name: value for name, value in self.headers.items() if name in ("Authorization", "Accept")}
        connection.request("GET", self.path, headers=kept)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def stream(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        server = self.server
        try:
            self.wfile.write(server.first)
            if not server.is_open.is_set():
                self.flood(server)
            # It stays open in silence, for a page comes again when its stream ends.
            while True:
                self.wfile.write(b": nothing\n\n")
                time.sleep(1)
        except OSError:
            server.is_over.set()

    def flood(self, server):
        server.is_open.set()
        begun = time.monotonic()
        while server.sent < RATE * SECONDS:
            due = min(int((time.monotonic() - begun) * RATE), RATE * SECONDS)
            if due > server.sent:
                self.wfile.write(server.batch(server.sent, due))
                server.sent = due
            time.sleep(server.pause)
        server.is_over.set()

    def log_message(self, *_):
        pass


def event(kind, data):
    """An event as a stream has it."""
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode()


def heap(browser):
    """Megabytes of JavaScript in use after everything that can go has gone."""
    browser.devtools("HeapProfiler.collectGarbage")
    return browser.devtools("Runtime.getHeapUsage")["usedSize"] / 1e6


def busy(browser):
    """Seconds of a processor that the page's main thread has used."""
    metrics = browser.devtools("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def watch(browser, server, is_filled, is_drawn):
    """Holds a page under a flood against what it may need; the page is open, and a quarter of the flood is its warm-up.

    `is_filled` and `is_drawn` wait until the page shows as much as it ever does, and the last of the flood.
    """
    count = "return document.querySelectorAll('*').length"
    assert server.is_open.wait(60), "the page does not follow the events"
    is_filled()
    deadline = time.monotonic() + SECONDS + 60
    while server.sent < RATE * SECONDS / 4:
        assert time.monotonic() < deadline, "the stream stands still"
        time.sleep(0.1)
    elements, memory = browser.run(count), heap(browser)
    browser.devtools("Performance.enable", {"timeDomain": "threadTicks"})
    begun, used = time.monotonic(), busy(browser)
    browser.run(WATCH)
    assert server.is_over.wait(SECONDS + 120), "the stream does not come to its end"
    share = (busy(browser) - used) / (time.monotonic() - begun)
    late = sorted(browser.run("clearInterval(window.watch); return window.lateness"))
    is_drawn()
    more, grown = browser.run(count) - elements, heap(browser) - memory
    load = os.getloadavg()[0] / os.cpu_count()
    latest = late[-1] if late else math.inf
    figures = f"{server.sent} messages, {len(late)} ticks, the latest {latest:.0f} ms late; busy for {share:.0%} at a load " \
        f"of {load:.1f} for each processor; {elements} elements, then {more:+}; {memory:.1f} MB, then {grown:+.1f}"
    print(f"     {figures}", flush=True)
    assert server.sent == RATE * SECONDS, f"the page has left the stream: {figures}"
    # On a machine that is busy with other things ticks are late and work takes long for their sake, and prove nothing.
    is_prompt = len(late) >= 100 and latest <= 500
    is_quiet = load <= 1
    assert is_prompt or not is_quiet, f"the page stands still: {figures}, {late[-9:]}"
    assert share < 0.6 or not is_quiet, f"the page keeps a processor busy: {figures}"
    assert elements < 8000 and more < 500, f"the page grows: {figures}"
    assert memory < 60 and grown < 8, f"its memory grows: {figures}"
