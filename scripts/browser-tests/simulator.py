"""The simulator's HTTP API, and a service that takes its webhooks, for the tests of its page."""

import base64
import http.client
import http.server
import json
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

HANDSET = "14155550123"
ACCOUNT = "14155550100"


class Simulator:
    """The simulator's HTTP API."""

    def __init__(self, url, basic):
        self.url = url.rstrip("/")
        self.headers = {"Content-Type": "application/json"}
        if basic:
            self.headers["Authorization"] = "Basic " + base64.b64encode(basic.encode()).decode()

    def ask(self, method, path, body=None):
        """Makes a request; returns the status and what the JSON says."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=self.headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                text = response.read()
                return response.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            return error.code, None

    def message(self, text, to=HANDSET, sender=ACCOUNT, reference="order-17"):
        """The body of a request to send."""
        return {"channel": "sms", "message_type": "text", "to": to, "from": sender, "text": text, "client_ref": reference}

    def send(self, text, **more):
        """Sends an SMS; returns the status."""
        return self.ask("POST", "/v1/messages", self.message(text, **more))[0]

    def flood(self, count):
        """Sends many SMS as fast as they are taken, over a few connections, several requests at a time."""
        address = urllib.parse.urlsplit(self.url)

        def send(first, last):
            with socket.create_connection((address.hostname, address.port), timeout=120) as connection:
                reader = connection.makefile("rb")
                for start in range(first, last, 50):
                    numbers = range(start, min(start + 50, last))
                    connection.sendall(b"".join(self._raw(number, address.netloc) for number in numbers))
                    for _ in numbers:
                        response = http.client.HTTPResponse(_Socket(reader))
                        response.begin()
                        response.read()

        size = count // 4
        threads = [threading.Thread(target=send, args=(part * size, part * size + size)) for part in range(4)]
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return 4 * size, 4 * size / (time.monotonic() - started)

    def _raw(self, number, host):
        body = json.dumps(self.message(f"Number {number} of many", to=f"1415556{number % 10000:04}")).encode()
        lines = [f"POST /v1/messages HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class _Socket:
    """Lets `http.client` read one response after the other from a connection."""

    def __init__(self, reader):
        self.reader = reader

    def makefile(self, *_):
        return _Unclosed(self.reader)


class _Unclosed:
    def __init__(self, reader):
        self.reader = reader

    def close(self):
        pass

    def __getattr__(self, name):
        return getattr(self.reader, name)


class Service(http.server.ThreadingHTTPServer):
    """Answers webhooks, and keeps what handsets wrote."""

    def __init__(self, port):
        self.texts = []
        super().__init__(("127.0.0.1", port), _Webhooks)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Webhooks(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.startswith("/webhooks/inbound"):
            self.server.texts.append((body["from"], body["to"], body["text"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass
