"""The page about the service in a browser, and requests beside it."""

import json
import time
import urllib.error
import urllib.request

from webdriver import Browser


class Failure(AssertionError):
    """What a page should have shown, and did not."""


def call(base, method, path, body=None, key=None, headers=None):
    """A request beside the browser; the answer's status and JSON."""
    fields = {"Content-Type": "application/json", **(headers or {})}
    if key:
        fields["Authorization"] = f"Bearer {key}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data=data, method=method, headers=fields)
    try:
        with urllib.request.urlopen(request, timeout=90) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text.strip() else None
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")


class Page(Browser):
    """The page in a browser: what is said of it are expressions and the words that it shows."""

    def size(self, width, height):
        self.resize(width, height, mobile=width < 600)

    def scheme(self, name):
        self.devtools("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]})

    def text(self, css="body"):
        return self.run("return document.querySelector(arguments[0])?.innerText ?? ''", css)

    def has(self, css):
        """Whether there is such an element."""
        return self.run("return document.querySelector(arguments[0]) !== null", css)

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

    def wait_for(self, css, limit=60):
        self.wait(f"an element {css}", lambda: self.has(css), limit)

    def show(self, section, words=None):
        """Goes to a section, and waits until it is loaded."""
        self.run("location.hash = arguments[0]", f"#/{section}")
        self.wait_text(words or "", "main h1")
        self.wait("the section is loaded", "!document.querySelector('main [aria-busy=true]')")

    def sign_in(self, url, key):
        """Opens the page, and gives the key."""
        self.open(url + "/console")
        self.wait_for("#key")
        self.write("#key", key)
        self.press("enter")
        self.wait_text("Queues")
