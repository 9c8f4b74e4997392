"""A small WebDriver client: Chromium, headless, by Debian's chromedriver. Nothing but Python's own library."""

import base64
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from png import small

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"tab": "\ue004", "enter": "\ue007", "escape": "\ue00c", "space": " ", "shift": "\ue008"}


class WebDriverError(Exception):
    """The driver refused a command; its words."""


class Browser:
    """One browser with one page. Use it in a `with` statement; its processes and its profile end with that."""

    def __init__(self, width=1440, height=900, dark=False):
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        driver = shutil.which("chromedriver")
        if chromium is None or driver is None:
            raise SystemExit("error: Chromium and chromedriver are missing: apt install chromium chromium-driver")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.profile = tempfile.mkdtemp(prefix="browser-test.")
        self.process = subprocess.Popen(
            [driver, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.session = None
        try:
            self._start(chromium, width, height, dark)
        except BaseException:
            self.close()
            raise

    def _start(self, chromium, width, height, dark):
        arguments = [
            "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
            f"--user-data-dir={self.profile}", f"--window-size={width},{height}", "--lang=en-GB",
        ]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        if dark:
            arguments.append("--blink-settings=preferredColorScheme=0")
        options = {"binary": chromium, "args": arguments, "prefs": {"intl.accept_languages": "en-GB"}}
        capabilities = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        deadline = time.monotonic() + 60
        while True:
            try:
                answer = self._call("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
                break
            except (urllib.error.URLError, ConnectionError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        self.session = "/session/" + answer["sessionId"]

    def _call(self, method, path, body=None):
        data = None if method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(
            self.url + path, data=data, method=method, headers={"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise WebDriverError(f"{value['error']}: {value['message'].splitlines()[0]}") from None

    def call(self, method, path, body=None):
        """Sends a command of the session."""
        return self._call(method, self.session + path, body)

    def close(self):
        """Ends the browser and the driver."""
        try:
            if self.session:
                self.call("DELETE", "")
        except (OSError, WebDriverError):
            pass
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def open(self, url):
        """Opens a page and waits until it is loaded."""
        self.call("POST", "/url", {"url": url})

    def resize(self, width, height, mobile=False):
        """Gives the page a size, also one that is smaller than a window can be; `mobile`: as on a telephone."""
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile},
        )

    def devtools(self, command, parameters=None):
        """Sends a command of the DevTools protocol."""
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters or {}})

    def run(self, script, *arguments):
        """Runs a function's body in the page and returns its value."""
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def find(self, selector):
        """The first element of a CSS selector."""
        return self.call("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        """Clicks an element as a mouse does; once more, where the page has drawn it anew between looking and clicking."""
        for _ in range(5):
            try:
                return self.call("POST", f"/element/{self.find(selector)}/click")
            except WebDriverError as error:
                if not str(error).startswith("stale element reference"):
                    raise
        raise WebDriverError(f"{selector} is drawn anew all the time")

    def write(self, selector, text):
        """Empties a field, and types into it."""
        element = self.find(selector)
        self.call("POST", f"/element/{element}/clear")
        self.call("POST", f"/element/{element}/value", {"text": text})

    def press(self, *keys):
        """Presses keys one after the other, wherever the focus is; names of KEYS, or characters."""
        actions = []
        held = []
        for key in keys:
            value = KEYS.get(key, key)
            actions.append({"type": "keyDown", "value": value})
            if key == "shift":
                held.append(value)
                continue
            actions.append({"type": "keyUp", "value": value})
            actions += [{"type": "keyUp", "value": other} for other in held]
            held = []
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def type(self, text):
        """Types a text, wherever the focus is."""
        self.press(*text)

    def wait(self, what, script, *arguments, limit=30):
        """Waits until a function's body gives something true, and returns it; fails with `what`."""
        deadline = time.monotonic() + limit
        while True:
            value = self.run(script, *arguments)
            if value:
                return value
            if time.monotonic() > deadline:
                raise AssertionError(f"{what}: not within {limit} s")
            time.sleep(0.05)

    def log(self, level=None):
        """What the page has logged since the last call, all of it or of one level: errors of scripts, and of the policy."""
        entries = self.call("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if level in (None, entry["level"])]

    def screenshot(self, path):
        """Saves what is to be seen as a PNG with a palette."""
        with open(path, "wb") as file:
            file.write(small(base64.b64decode(self.call("GET", "/screenshot"))))
