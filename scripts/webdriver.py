"""A browser driven over WebDriver (https://www.w3.org/TR/webdriver2/), with Python's own library alone.

Needs Debian's chromium and chromium-driver.
"""
import base64
import json
import socket
import subprocess
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"tab": "\ue004", "enter": "\ue007", "escape": "\ue00c", "space": " ", "shift": "\ue008", "down": "\ue015"}


class Failure(AssertionError):
    """What a page should have shown, and did not."""


class Browser:
    """A headless Chromium; use it as a context."""

    def __init__(self, width=1440, height=900, is_dark=False):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={self.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        arguments = [
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars",
            f"--window-size={width},{height}", "--lang=en-GB", "--force-prefers-reduced-motion",
        ]
        if is_dark:
            arguments.append("--force-dark-mode")
        wanted = {"goog:chromeOptions": {"args": arguments}, "goog:loggingPrefs": {"browser": "ALL"}}
        for _ in range(300):
            try:
                answer = self._call("POST", "", {"capabilities": {"alwaysMatch": wanted}}, at="/session")
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        else:
            raise Failure("chromedriver does not answer")
        self.session = answer["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(30)

    def _call(self, method, path, body=None, at=None):
        url = f"http://127.0.0.1:{self.port}" + (at or f"/session/{self.session}{path}")
        data = json.dumps(body if body is not None else {}).encode() if method == "POST" else None
        request = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise Failure(f"{value['error']}: {value['message'].splitlines()[0]}") from None

    def open(self, url):
        self._call("POST", "/url", {"url": url})

    def size(self, width, height):
        """The size of what the page sees, also below the least width of a window."""
        self.command(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
        )

    def scheme(self, name):
        features = [{"name": "prefers-color-scheme", "value": name}]
        self.command("Emulation.setEmulatedMedia", {"features": features})

    def command(self, name, parameters):
        return self._call("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def run(self, script, *arguments):
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, css):
        return self._call("POST", "/element", {"using": "css selector", "value": css})[ELEMENT]

    def click(self, css):
        self._call("POST", f"/element/{self.find(css)}/click")

    def type(self, css, text, clears=True):
        element = self.find(css)
        if clears:
            self._call("POST", f"/element/{element}/clear")
        self._call("POST", f"/element/{element}/value", {"text": text})

    def press(self, *names):
        """Keys, one after the other, to whatever has the focus."""
        actions = []
        for name in names:
            words = [KEYS.get(word, word) for word in name.split("+")]
            actions += [{"type": "keyDown", "value": word} for word in words]
            actions += [{"type": "keyUp", "value": word} for word in reversed(words)]
        self._call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def text(self, css="body"):
        return self.run("return document.querySelector(arguments[0])?.innerText ?? ''", css)

    def wait(self, what, test, limit=60):
        """Waits until a test, a function or a script's expression, holds; says what was missing where it does not."""
        ask = test if callable(test) else lambda: self.run(f"return !!({test})")
        deadline = time.monotonic() + limit
        while True:
            value = ask()
            if value:
                return value
            if time.monotonic() > deadline:
                raise Failure(f"{what}: not within {limit} s; the page shows:\n{self.text()[:1500]}")
            time.sleep(0.1)

    def wait_text(self, text, css="body", limit=60):
        self.wait(f"'{text}' in {css}", lambda: text in self.text(css), limit)

    def errors(self):
        """What the console of the browser has complained about since the last time."""
        entries = self._call("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] == "SEVERE"]

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._call("GET", "/screenshot")))
