#!/usr/bin/env python3
"""Goes through the page about the service as people do, in a real browser (Debian's chromium and chromium-driver).

    scripts/browser-tests/console.py --service http://127.0.0.1:3000 --simulator http://127.0.0.1:4000 --key KEY \\
        [--screenshot docs/images/console.png]

The service must run with API_KEYS=KEY, a broker, and the simulator as its provider (VONAGE_API_URL), which posts its
webhooks to the service; a low SEND_RATE such as 30/s leaves time to pause a campaign. What it sends goes to numbers
that begin with +1415555. It changes the simulator's faults, and clears them at its end. Exit code 1 names what failed.
"""
import argparse
import json
import sys
import time
import urllib.error
import urllib.request
import uuid

from webdriver import Browser, WebDriverError

SECTIONS = ["overview", "messages", "campaigns", "dead-letters", "opt-outs", "configuration"]


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


class Failure(AssertionError):
    """What the page should have shown, and did not."""


class Page(Browser):
    """The page in a browser: what is said of it are expressions and the words that it shows."""

    def size(self, width, height):
        self.resize(width, height, mobile=width < 600)

    def scheme(self, name):
        self.devtools("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]})

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


class Tour:
    def __init__(self, options, browser):
        self.service, self.simulator = options.service.rstrip("/"), options.simulator.rstrip("/")
        self.key, self.browser = options.key, browser
        self.run_id = uuid.uuid4().hex[:6]

    # MARK: What the tests do beside the browser

    def api(self, method, path, body=None, headers=None):
        return call(self.service, method, path, body, self.key, headers)

    def faults(self, rules):
        status, answer = call(self.simulator, "PUT", "/simulator/faults", rules)
        if status not in (200, 204):
            raise Failure(f"the simulator does not take faults: {status} {answer}")

    def send(self, to, id):
        headers = {"Idempotency-Key": id, "Prefer": "wait=30"}
        return self.api("POST", "/send-sms", {"to": to, "message": "hello"}, headers)

    def show(self, section, words=None):
        self.browser.run("location.hash = arguments[0]", f"#/{section}")
        self.browser.wait_text(words or "", "main h1")
        self.browser.wait("the section is loaded", "!document.querySelector('main [aria-busy=true]')")

    # MARK: The steps

    def sign_in(self):
        browser = self.browser
        browser.open(self.service + "/console")
        browser.wait("the field for the key", "document.querySelector('#key')")
        if "queue" in browser.text().lower():
            raise Failure("figures are shown without a key")
        browser.write("#key", "wrong-key")
        browser.press("enter")
        browser.wait_text("not one of API_KEYS", "#key-error")
        # The field is selected, so that typing replaces what was wrong.
        browser.write("#key", self.key)
        browser.press("enter")
        browser.wait_text("Queues")
        browser.wait("health", "document.querySelector('#pill')?.innerText")
        kept = browser.run(
            "return [document.cookie, localStorage.length, sessionStorage.length, document.documentElement.outerHTML]"
        )
        if kept[0] or kept[1] or kept[2] or self.key in kept[3]:
            raise Failure("the key is kept outside the tab's memory")

    def retry_in_timeline(self):
        to, id = "+14155550142", f"retry-{self.run_id}"
        self.faults([{"to": "14155550142", "fault": "status", "status": 503, "times": 1}])
        status, answer = self.send(to, id)
        if status != 200:
            raise Failure(f"the message was not sent: {status} {answer}")
        self.show(f"messages/{id}", "Message")
        self.browser.wait_text("Published", ".timeline")
        self.browser.wait_text("delivered", ".timeline")
        words = self.browser.run("return [...document.querySelectorAll('.timeline .what')].map(one => one.innerText)")
        if words[:4] != ["Taken", "Attempt", "Not taken", "Attempt"] or "Settled" not in words:
            raise Failure(f"the retry is not in the timeline: {words}")
        if "503" not in self.browser.text(".timeline"):
            raise Failure("the timeline does not say why it was tried again")
        titles = self.browser.run("return [...document.querySelectorAll('.timeline time')].map(one => one.title)")
        if not titles or not all(title.endswith("UTC") for title in titles):
            raise Failure(f"times do not have UTC as their title: {titles}")

    def search(self):
        browser = self.browser
        self.show("messages", "Messages")
        browser.write("[name=to]", "+1 (415) 555-0142")
        browser.press("enter")
        browser.wait_text(f"retry-{self.run_id}", "table")
        browser.write("[name=to]", "+1 415 555 0199")
        browser.press("enter")
        browser.wait_text("No message matches", "main")
        browser.write("[name=to]", "not a number")
        browser.press("enter")
        browser.wait_text("phone number", "[role=alert]")
        browser.write("[name=id]", f"retry-{self.run_id}")
        browser.press("enter")
        browser.wait_text("Timeline")
        self.show("messages/none-such", "Message")
        browser.wait_text("There is no message with this id", "[role=alert]")

    def campaign(self):
        browser, id = self.browser, f"campaign-{self.run_id}"
        recipients = [f"+1415555{number:04d}" for number in range(2000, 2600)]
        body = {"id": id, "message": "Hi", "recipients": recipients}
        status, answer = self.api("POST", "/send-campaign", body, {"Idempotency-Key": id, "Prefer": "respond-async"})
        if status != 202:
            raise Failure(f"the campaign was not taken: {status} {answer}")
        self.show("campaigns", "Campaigns")
        browser.wait("the campaign's button", f"document.querySelector('[aria-label=\"Pause {id}\"]')")
        browser.click(f'[aria-label="Pause {id}"]')
        browser.wait_text("paused", "table")
        browser.wait("the way back", f"document.querySelector('[aria-label=\"Resume {id}\"]')")
        state = self.api("GET", f"/campaigns/{id}")[1]["state"]
        if state != "paused":
            raise Failure(f"the service has the campaign as {state}")
        browser.click(f'[aria-label="Resume {id}"]')
        browser.wait("it goes on", lambda: self.api("GET", f"/campaigns/{id}")[1]["state"] != "paused")
        value = f"document.querySelector('[role=progressbar][aria-label=\"Progress of {id}\"]').ariaValueNow"
        browser.wait("progress", f"Number({value}) > 0", limit=120)
        browser.wait("the button to cancel or the end", f"document.querySelector('[aria-label=\"Cancel {id}\"]')"
                     f" || {value} === '600'")
        if browser.run(f"return !!document.querySelector('[aria-label=\"Cancel {id}\"]')"):
            browser.click(f'[aria-label="Cancel {id}"]')
            browser.wait("a question", "document.querySelector('#dialog').open")
            browser.press("escape")
            browser.wait("no question", "!document.querySelector('#dialog').open")

    def dead_letter(self):
        browser, id = self.browser, f"dead-{self.run_id}"
        self.faults([{"to": "14155550143", "fault": "status", "status": 422, "times": 1}])
        status, answer = self.send("+14155550143", id)
        if status != 422:
            raise Failure(f"the message was not refused: {status} {answer}")
        button = f'[aria-label="Replay {id}"]'
        deadline = time.monotonic() + 60
        while True:
            self.show("dead-letters", "Dead letters")
            if browser.run("return !!document.querySelector(arguments[0])", button):
                break
            if time.monotonic() > deadline:
                raise Failure(f"the dead letter is not listed:\n{browser.text('main')}")
            browser.run("location.hash = '#/overview'")
            time.sleep(0.5)
        browser.click(button)
        browser.wait_text("1 replayed", "#toasts")
        browser.wait("it is gone from the list", lambda: not browser.run(
            "return !!document.querySelector(arguments[0])", button))
        browser.wait("it is sent", lambda: self.api("GET", f"/messages/{id}")[1].get("state") == "accepted")
        self.show(f"messages/{id}", "Message")
        browser.wait_text("Taken again", ".timeline")
        browser.wait_text("accepted", ".timeline")

    def hostile_texts(self):
        browser = self.browser
        marks = "\u202e\u202a\u2066\u200f\u0000\u001b[31m\u0007\u2028"
        shapes = [
            "<script>window.hacked = 1</script>", "<img src=x onerror='window.hacked=1'>", "</bdi></li><h1>hacked</h1>",
            "\"'><svg onload=window.hacked=1>", "javascript:window.hacked=1", "{{7*7}}${7*7}", "&lt;b&gt;&amp;",
            marks, "é🙂👩‍👩‍👧" * 300, "x" * 3000, "\r\ndata: {}\r\n\r\nevent: published\r\n", "<!--", "]]>",
            "\ud83d", "a\u0301" * 500, "العربية", "‏שלום", "\\u003cb\\u003e", "%3Cscript%3E", "`;window.hacked=1;//",
        ]
        self.show("overview", "Overview")
        browser.wait_text("live", "main")
        before = browser.run("return [document.querySelectorAll('*').length, document.querySelectorAll('h1').length]")
        for batch in range(10):
            for index, shape in enumerate(shapes):
                mark = f"#{self.run_id}-{batch}-{index}#"
                text = (mark + shape).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
                message = {"from": "14155550150", "to": "14155550100", "text": text}
                status, answer = call(self.simulator, "POST", "/simulator/inbound", message)
                if status >= 300:
                    raise Failure(f"the simulator does not take a message: {status} {answer}")
                # No more in a second than are shown.
                time.sleep(0.06)
            mark = f"#{self.run_id}-{batch}-{len(shapes) - 1}#"
            browser.wait_text(mark, ".feed")
            shown = browser.text(".feed")
            for index, shape in enumerate(shapes):
                start = shape[:20] if shape.isascii() and shape.isprintable() else ""
                if f"#{self.run_id}-{batch}-{index}#{start}" not in shown:
                    raise Failure(f"text {index} of batch {batch} is not shown as it is")
        after = browser.run(
            "return [document.querySelectorAll('script,img,iframe,svg script').length,"
            " document.querySelectorAll('h1').length, window.hacked ?? null, document.querySelectorAll('.feed li').length]"
        )
        if after[0] != 1 or after[1] != before[1] or after[2] is not None:
            raise Failure(f"a text became markup: {after}")
        if after[3] > 60:
            raise Failure(f"the list of events grows: {after[3]}")
        # As the ids of messages.
        for shape in ["<img src=x onerror=window.hacked=1>", "\"><script>window.hacked=1</script>", "../../etc?x#y"]:
            id = f"{self.run_id}{shape}"
            self.send("+14155550144", id)
            self.show("messages", "Messages")
            browser.wait_text(id, "table")
            path = browser.run(
                "return [...document.querySelectorAll('table a')].find(one => one.innerText === arguments[0]).hash", id)
            browser.run("location.hash = arguments[0]", path)
            browser.wait_text(id, "main h1")
            browser.wait_text("Settled", "main")
        if browser.run("return window.hacked ?? null") is not None:
            raise Failure("a script ran")

    def keyboard(self):
        browser = self.browser
        browser.open(self.service + "/console")
        browser.wait("the field for the key has the focus", "document.activeElement?.id === 'key'")
        for letter in self.key:
            browser.press(letter)
        browser.press("enter")
        browser.wait_text("Queues")
        reached = {}
        for _ in range(80):
            browser.press("tab")
            name, outline = browser.run(
                "const one = document.activeElement; return [one === document.body ? 'BODY'"
                " : one.innerText || one.ariaLabel || one.name, getComputedStyle(one).outlineStyle]"
            )
            if name in reached and name == "Messages":
                break
            reached[name] = outline
        wanted = ["Skip to the content", "Sign out", "Overview", "Messages", "Campaigns", "Dead letters", "Opt-outs", "Configuration", "Pause"]
        missing = [name for name in wanted if name not in reached]
        if missing:
            raise Failure(f"not reached with the tabulator: {missing}, of {list(reached)}")
        hidden = [name for name, outline in reached.items() if outline == "none" and name != "BODY"]
        if hidden:
            raise Failure(f"the focus cannot be seen on {hidden}")
        browser.run("document.querySelector('.skip').focus()")
        browser.press("enter")
        browser.wait("the link leads to the content", "document.activeElement.id === 'main'")
        browser.run("[...document.querySelectorAll('nav a')].find(one => one.innerText === 'Messages').focus()")
        browser.press("enter")
        browser.wait_text("Messages", "main h1")
        browser.wait("the focus is in the content", "document.activeElement.id === 'main'")
        browser.press("tab")
        if browser.run("return document.activeElement.name") != "to":
            raise Failure("the search's first field does not follow the heading")

    def sizes(self):
        for width, height in [(360, 740), (768, 1024), (1440, 900)]:
            self.browser.size(width, height)
            for section in SECTIONS + [f"messages/retry-{self.run_id}"]:
                self.show(section)
                self.browser.wait("something is shown", "document.querySelectorAll('main *').length > 3")
                needed, there = self.browser.run("return [document.documentElement.scrollWidth, innerWidth]")
                if needed > there:
                    raise Failure(f"{section} is {needed} px wide on {there} px")
        self.browser.size(1440, 900)

    def names_and_contrast(self):
        for scheme in ["light", "dark"]:
            self.browser.scheme(scheme)
            for section in SECTIONS + [f"messages/retry-{self.run_id}"]:
                self.show(section)
                problems = self.browser.run(AUDIT)
                if problems:
                    raise Failure(f"{section}, {scheme}: " + "; ".join(problems[:8]))
        self.browser.scheme("light")

    def policy(self):
        with urllib.request.urlopen(self.service + "/console", timeout=30) as answer:
            policy = answer.headers["Content-Security-Policy"] or ""
            if "default-src 'none'" not in policy or "unsafe" in policy:
                raise Failure(f"the policy is {policy!r}")
            if answer.headers["Set-Cookie"]:
                raise Failure("the page sets a cookie")
        loaded = self.browser.run("return performance.getEntriesByType('resource').map(one => one.name)")
        foreign = [name for name in loaded if not name.startswith((self.service, "data:"))]
        if foreign:
            raise Failure(f"loaded from elsewhere: {foreign}")
        # The browser reports each answer of 4xx and 5xx; these were asked for.
        errors = [line for line in self.browser.log("SEVERE") if "status of 4" not in line]
        if errors:
            raise Failure(f"the browser complains: {errors}")


# Names of what can be used, one main heading, labels, and contrast by WCAG 2.2 (1.4.3), as a script in the page.
AUDIT = r"""
const problems = [];
const name = (one) => (one.getAttribute('aria-label') || one.innerText || one.labels?.[0]?.innerText || '').trim();
const isShown = (one) => one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
for (const one of document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"], [role=progressbar]'))
  if (isShown(one) && !name(one)) problems.push('no name: ' + one.outerHTML.slice(0, 80));
for (const one of document.querySelectorAll('svg[role=img], table, section'))
  if (isShown(one) && !one.getAttribute('aria-label')) problems.push('no label: ' + one.outerHTML.slice(0, 80));
if (document.querySelectorAll('main h1').length !== 1) problems.push('not one main heading');
if (!document.documentElement.lang) problems.push('no language');
const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
if (new Set(ids).size !== ids.length) problems.push('an id is used twice');
const parse = (text) => {
  const parts = text.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
  return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 };
};
const over = (top, below) => top.rgb.map((value, i) => value * top.alpha + below[i] * (1 - top.alpha));
const ground = (one) => {
  const layers = [];
  for (let place = one; place; place = place.parentElement) layers.push(parse(getComputedStyle(place).backgroundColor));
  return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
};
const light = (rgb) => {
  const [r, g, b] = rgb.map((value) => value / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const seen = new Set();
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const one = texts.currentNode.parentElement;
  if (!texts.currentNode.data.trim() || seen.has(one) || !isShown(one) || one.closest('.hidden, .skip, noscript')) continue;
  seen.add(one);
  const style = getComputedStyle(one);
  const isSVG = one.namespaceURI.includes('svg');
  if (isSVG && one.tagName === 'title') continue;
  const below = ground(isSVG ? one.closest('svg').parentElement : one);
  const own = over(parse(isSVG ? style.fill : style.color), below);
  const [high, low] = [light(own), light(below)].sort((a, b) => b - a);
  const ratio = (high + 0.05) / (low + 0.05);
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
  if (ratio < (isLarge ? 3 : 4.5)) problems.push(`contrast ${ratio.toFixed(2)}: ${one.innerText?.slice(0, 30)}`);
}
return problems;
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--service", required=True)
    parser.add_argument("--simulator", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--screenshot")
    options = parser.parse_args()
    with Page() as browser:
        browser.size(1440, 900)
        tour = Tour(options, browser)
        steps = [
            tour.sign_in, tour.retry_in_timeline, tour.search, tour.campaign, tour.dead_letter, tour.hostile_texts,
            tour.keyboard, tour.sizes, tour.names_and_contrast, tour.policy,
        ]
        failed = 0
        for step in steps:
            try:
                step()
                print(f"ok    {step.__name__}", flush=True)
            except (Failure, WebDriverError) as failure:
                failed += 1
                print(f"FAIL  {step.__name__}: {failure}", flush=True)
                if step == tour.sign_in:
                    break
        try:
            tour.faults([])
            if options.screenshot and not failed:
                tour.show("overview", "Overview")
                browser.size(1280, 860)
                browser.wait("a chart", "document.querySelectorAll('.chart rect').length > 100")
                time.sleep(3)
                browser.screenshot(options.screenshot)
        except (Failure, WebDriverError) as failure:
            failed += 1
            print(f"FAIL  end: {failure}")
    print("all well" if not failed else f"{failed} of {len(steps)} steps failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
