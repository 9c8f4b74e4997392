#!/usr/bin/env python3
"""Goes through the page about the service as people do, in a real browser (Debian's chromium and chromium-driver).

    scripts/browser-tests/run.sh console             starts all that it needs, and runs it
    scripts/with-stage.sh scripts/browser-tests/console.py [--only NAME] [--screenshot FILE]

The service must run with API_KEYS, a broker, RECEIPT_OVERDUE=5s, and the simulator as its provider (VONAGE_API_URL), which
posts its webhooks to the service; a low SEND_RATE such as 30/s leaves time to pause a campaign. What it sends goes to
numbers that begin with +1415555. It changes the simulator's faults, and clears them at its end. Exit code 1 names what
failed.
"""
import argparse
import os
import pathlib
import sys
import time
import traceback
import urllib.request
import uuid

from flood import Flood, event, watch
from hostile import hostile_texts
from page import Failure, Page, call
from picture import overview
from webdriver import WebDriverError

SECTIONS = ["overview", "messages", "campaigns", "dead-letters", "opt-outs", "configuration"]
CHECKS = (pathlib.Path(__file__).parent / "checks.js").read_text()
ACCOUNT = "14155550100"
# A text as the page shows it (dom.js): without what would move the text around it.
REPLACED = {chr(one): "\ufffd" for one in [*range(9), *range(11, 32), *range(127, 160), 0x2028, 0x2029]}
DROPPED = {chr(one): "" for one in [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C]}
SHOWN = str.maketrans({**REPLACED, **DROPPED})


class Tour:
    """The steps, in their order: each `test_…` is one, and goes on with the page as it is."""

    def __init__(self, options, browser):
        self.service, self.simulator = options.service.rstrip("/"), options.simulator.rstrip("/")
        self.key, self.browser = options.key, browser
        self.run_id = uuid.uuid4().hex[:6]

    # MARK: What the steps do beside the page

    def api(self, method, path, body=None, headers=None):
        return call(self.service, method, path, body, self.key, headers)

    def faults(self, rules):
        status, answer = call(self.simulator, "PUT", "/simulator/faults", rules)
        if status not in (200, 204):
            raise Failure(f"the simulator does not take faults: {status} {answer}")

    def send(self, to, id, **more):
        headers = {"Idempotency-Key": id, "Prefer": "wait=30"}
        return self.api("POST", "/send-sms", {"to": to, "message": "hello", **more}, headers)

    def write(self, sender, text):
        """A handset writes to us."""
        message = {"from": sender, "to": ACCOUNT, "text": text}
        status, answer = call(self.simulator, "POST", "/simulator/inbound", message)
        if status >= 300:
            raise Failure(f"the simulator does not take a message: {status} {answer}")

    def state(self, id):
        status, answer = self.api("GET", f"/messages/{id}")
        return answer.get("state") if status == 200 else None

    def is_quiet(self):
        """Whether nothing is sent and nothing waits to be sent."""
        campaigns = self.api("GET", "/campaigns")[1]["items"]
        if any(one["state"] not in ("completed", "cancelled", "invalid") for one in campaigns):
            return False
        overview = self.api("GET", "/overview")[1]
        lanes = sum(lane["waiting"] + lane["in_flight"] for lane in overview["lanes"])
        queued = sum(one["ready"] for one in overview.get("queues", []) if one["name"].endswith((".send", ".bulk")))
        return lanes == 0 and queued == 0

    def sign_in(self):
        self.browser.sign_in(self.service, self.key)

    def open_phone(self, number):
        """Opens a phone of the simulator's page."""
        self.browser.open(self.simulator + "/")
        self.browser.wait("the phones are live", "document.querySelector('#state').textContent === 'live'")
        self.browser.write("#handset", number)
        self.browser.click("#open-phone button")
        self.browser.wait_text(f"+{number}", "#phone-title")

    def answer(self, number, word):
        """Answers by one of the phone's buttons, and waits until the service has it."""
        self.open_phone(number)
        self.browser.wait_text("hello", "#thread")
        self.browser.click(f"#answer [data-text={word}]")
        self.browser.wait("the service has it", f"""[...document.querySelectorAll('#thread .out')].some((one) =>
            one.innerText.includes('{word}') && one.innerText.includes('delivered to the service'))""")

    # MARK: The steps

    def test_sign_in(self):
        browser = self.browser
        browser.open(self.service + "/console")
        browser.wait_for("#key")
        if "queue" in browser.text().lower():
            raise Failure("figures are shown without a key")
        browser.write("#key", "wrong-key")
        browser.press("enter")
        browser.wait_text("not one of API_KEYS", "#key-error")
        # The field is selected, so that typing replaces what was wrong.
        browser.type(self.key)
        browser.press("enter")
        browser.wait_text("Queues")
        browser.wait("health", "document.querySelector('#pill')?.innerText")
        kept = browser.run(
            "return [document.cookie, localStorage.length, sessionStorage.length, document.documentElement.outerHTML]"
        )
        if kept[0] or kept[1] or kept[2] or self.key in kept[3]:
            raise Failure("the key is kept outside the tab's memory")

    def test_a_fault_switched_on_and_its_retry(self):
        browser, id = self.browser, f"retry-{self.run_id}"
        self.open_phone("14155550142")
        browser.run("document.querySelector('#fault-status').closest('li').querySelector('details').open = true")
        browser.write("#fault-status-times", "1")
        browser.write("#fault-status-to", "14155550142")
        browser.click("#fault-status")
        browser.wait("the fault is on", "document.querySelector('#fault-status-left').textContent === '1 time left'")
        status, answer = self.send("+14155550142", id)
        if status != 200:
            raise Failure(f"the message was not sent: {status} {answer}")
        browser.wait_text("refused 503", "#traffic-list")
        self.sign_in()
        browser.show(f"messages/{id}", "Message")
        browser.wait_text("Published", ".timeline")
        browser.wait_text("delivered", ".timeline")
        words = browser.run("return [...document.querySelectorAll('.timeline .what')].map(one => one.innerText)")
        if words[:4] != ["Taken", "Attempt", "Not taken", "Attempt"] or "Settled" not in words:
            raise Failure(f"the retry is not in the timeline: {words}")
        if "503" not in browser.text(".timeline"):
            raise Failure(f"the timeline does not say why it was tried again: {browser.text('.timeline')}")
        titles = browser.run("return [...document.querySelectorAll('.timeline time')].map(one => one.title)")
        if not titles or not all(title.endswith("UTC") for title in titles):
            raise Failure(f"times do not have UTC as their title: {titles}")

    def test_search(self):
        browser = self.browser
        browser.show("messages", "Messages")
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
        browser.show("messages/none-such", "Message")
        browser.wait_text("There is no message with this id", "[role=alert]")

    def test_stop_and_its_effect(self):
        browser, number = self.browser, "14155550145"
        before, after, again = (f"{word}-{self.run_id}" for word in ["before", "after", "again"])
        self.send(f"+{number}", before)
        browser.wait("it is sent", lambda: self.state(before) == "accepted")
        self.answer(number, "STOP")
        self.sign_in()
        browser.show("opt-outs", "Suppression list")
        browser.wait_text(f"+{number}", "table")
        if "STOP" not in browser.text("table"):
            raise Failure("the list does not say by which word the number got on it")
        self.send(f"+{number}", after)
        browser.wait("it is suppressed", lambda: self.state(after) == "suppressed")
        browser.show(f"messages/{after}", "Message")
        browser.wait_text("suppressed", ".timeline")
        if "Attempt" in browser.text(".timeline"):
            raise Failure("a message to a number on the list was sent")
        self.answer(number, "START")
        self.send(f"+{number}", again)
        browser.wait("it is sent again", lambda: self.state(again) == "accepted")
        self.sign_in()
        browser.show("opt-outs", "Suppression list")
        browser.wait("the number is off the list", lambda: f"+{number}" not in browser.text("main"))

    def test_a_campaign_paused_resumed_and_cancelled(self):
        browser, id = self.browser, f"campaign-{self.run_id}"
        recipients = [f"+1415555{number:04d}" for number in range(2000, 2900)]
        body = {"id": id, "message": "Hi", "recipients": recipients}
        status, answer = self.api("POST", "/send-campaign", body, {"Idempotency-Key": id, "Prefer": "respond-async"})
        if status != 202:
            raise Failure(f"the campaign was not taken: {status} {answer}")
        state = lambda: self.api("GET", f"/campaigns/{id}")[1]["state"]
        progress = f"[role=progressbar][aria-label='Progress of {id}']"
        browser.show("campaigns", "Campaigns")
        browser.wait_for(f'[aria-label="Pause {id}"]')
        browser.click(f'[aria-label="Pause {id}"]')
        browser.wait_text("paused", "table")
        browser.wait_for(f'[aria-label="Resume {id}"]')
        if state() != "paused":
            raise Failure(f"the service has the campaign as {state()}")
        browser.click(f'[aria-label="Resume {id}"]')
        browser.wait("it goes on", lambda: state() == "running")
        browser.wait("progress", f'Number(document.querySelector("{progress}").ariaValueNow) > 0', limit=120)
        browser.wait_for(f'[aria-label="Cancel {id}"]')
        browser.click(f'[aria-label="Cancel {id}"]')
        browser.wait("a question", "document.querySelector('#dialog').open")
        browser.press("escape")
        browser.wait("no question", "!document.querySelector('#dialog').open")
        browser.click(f'[aria-label="Cancel {id}"]')
        browser.wait("a question", "document.querySelector('#dialog').open")
        browser.click("#dialog .danger")
        browser.wait("it is over", lambda: state() == "cancelled", limit=120)
        browser.wait("the page says so", f"""document.querySelector("{progress}").ariaValueNow === '900'
            && !document.querySelector('[aria-label="Cancel {id}"]')""")
        counts = self.api("GET", f"/campaigns/{id}")[1]
        if not 0 < counts["accepted"] < 900 or counts["accepted"] + counts["cancelled"] != 900:
            raise Failure(f"the counts of the campaign: {counts}")

    def test_a_dead_letter_replayed(self):
        browser, id = self.browser, f"dead-{self.run_id}"
        self.faults([{"to": "14155550143", "fault": "status", "status": 422, "times": 1}])
        status, answer = self.send("+14155550143", id)
        if status != 422:
            raise Failure(f"the message was not refused: {status} {answer}")
        button = f'[aria-label="Replay {id}"]'

        def is_listed():
            browser.show("overview", "Overview")
            browser.show("dead-letters", "Dead letters")
            return browser.has(button)

        browser.wait("the dead letter is listed", is_listed)
        browser.click(button)
        browser.wait_text("1 replayed", "#toasts")
        browser.wait("it is gone from the list", lambda: not browser.has(button))
        browser.wait("it is sent", lambda: self.state(id) == "accepted")
        browser.show(f"messages/{id}", "Message")
        browser.wait_text("Taken again", ".timeline")
        browser.wait_text("accepted", ".timeline")

    def test_cost_and_what_is_overdue(self):
        browser = self.browser
        self.faults([{"to": "14155550146", "fault": "no_receipt", "times": 1}])
        self.send("+14155550146", f"overdue-{self.run_id}")
        browser.show("overview", "Overview")
        tile = "[...document.querySelectorAll('.tile')].find((one) => one.innerText.includes('overdue'))"
        browser.wait("it is overdue", f"Number({tile}?.querySelector('.figure').innerText) > 0", limit=120)

        def is_same():
            usage = self.api("GET", "/overview")[1]["usage"]
            words = browser.text("[aria-label='What messages have cost']")
            return usage and all(
                part["sum"] in words
                for one in usage for part in [one, one["countries"][0], one["senders"][0], one["campaigns"][0]]
            )

        browser.wait("the page's sums are the API's", is_same)

    def test_hostile_texts(self):
        browser = self.browser
        texts = hostile_texts()
        browser.show("overview", "Overview")
        browser.wait_text("live", "main")
        browser.wait("nothing else flows", self.is_quiet, limit=120)
        browser.run("window.attacked = 0")
        headings = browser.run("return document.querySelectorAll('h1').length")
        for start in range(0, len(texts), 20):
            batch = {f"#{self.run_id}-{start + index}#": text for index, text in enumerate(texts[start:start + 20])}
            for mark, text in batch.items():
                self.write("14155550150", mark + text)
                # No more in a second than are shown.
                time.sleep(0.06)
            browser.wait_text(list(batch)[-1], ".feed")
            shown = browser.run("return [...document.querySelectorAll('.feed .text')].map((one) => one.textContent)")
            for mark, text in batch.items():
                expected = (mark + text).translate(SHOWN)[:60]
                if not any(one.startswith(expected) for one in shown):
                    found = [one[:80] for one in shown if one.startswith(mark)]
                    raise Failure(f"{expected!r} is not shown as it is, but as {found}")
        rows, foreign, after, attacked = browser.run(
            "return [document.querySelectorAll('.feed li').length, document.querySelectorAll('.feed :is(script, img,"
            " iframe, svg, style, form, input, h1)').length, document.querySelectorAll('h1').length, window.attacked]")
        if foreign or after != headings or attacked:
            raise Failure(f"a text became markup: {foreign} elements, {after} headings, {attacked} scripts ran")
        if rows > 60:
            raise Failure(f"the list of events grows: {rows}")
        # As the ids of messages.
        for shape in ["<img src=x onerror=window.attacked=1>", "\"><script>window.attacked=1</script>", "../../etc?x#y"]:
            id = f"{self.run_id}{shape}"
            self.send("+14155550144", id)
            browser.show("messages", "Messages")
            browser.wait_text(id, "table")
            path = browser.run(
                "return [...document.querySelectorAll('table a')].find(one => one.innerText === arguments[0]).hash", id)
            browser.run("location.hash = arguments[0]", path)
            browser.wait_text(id, "main h1")
            browser.wait_text("Settled", "main")
        if browser.run("return window.attacked") != 0:
            raise Failure("a script ran")

    def test_by_keyboard_alone(self):
        browser = self.browser
        browser.open(self.service + "/console")
        browser.wait("the field for the key has the focus", "document.activeElement?.id === 'key'")
        browser.type(self.key)
        browser.press("enter")
        browser.wait_text("Queues")
        reached = {}
        for _ in range(120):
            browser.press("tab")
            name, outline = browser.run(
                "const one = document.activeElement; return [one === document.body ? 'BODY'"
                " : one.innerText || one.ariaLabel || one.name, getComputedStyle(one).outlineStyle]"
            )
            if name in reached and name == "Messages":
                break
            reached[name] = outline
        wanted = ["Skip to the content", "Sign out", "Overview", "Messages", "Campaigns", "Dead letters", "Opt-outs",
                  "Configuration", "Pause"]
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
        browser.type("+14155550142")
        browser.press("enter")
        browser.wait_text(f"retry-{self.run_id}", "table")
        for _ in range(30):
            if f"retry-{self.run_id}" in browser.run("return document.activeElement.innerText ?? ''").split("\n")[0]:
                break
            browser.press("tab")
        browser.press("enter")
        browser.wait_text("Timeline")

    def test_roles_names_contrast_and_widths(self):
        browser = self.browser
        for scheme in ["light", "dark"]:
            browser.scheme(scheme)
            for width, height in [(360, 740), (768, 1024), (1440, 900)]:
                browser.size(width, height)
                for section in SECTIONS + [f"messages/retry-{self.run_id}"]:
                    browser.show(section)
                    browser.wait("something is shown", "document.querySelectorAll('main *').length > 3")
                    wrong = browser.run(CHECKS)
                    if wrong:
                        raise Failure(f"{section}, {scheme}, {width}: " + "; ".join(wrong[:8]))
        browser.scheme("light")
        browser.size(1440, 900)

    def test_policy(self):
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

    def test_a_thousand_events_a_second(self):
        browser = self.browser

        def publish(number):
            kinds = ["sms.outbound.accepted", "sms.status.submitted", "sms.status.delivered", "sms.inbound.message"]
            data = {
                "type": kinds[number % 4], "time": "2026-11-28T04:00:00.000Z", "command_id": f"flood-{number}",
                "from": "+14155550100", "to": f"+1415555{number % 10000:04}",
            }
            if number % 4 == 3:
                data["text"] = f"Number {number} of very many, with a text of some length"
            return event("published", data)

        batch = lambda start, end: b"".join(map(publish, range(start, end)))
        with Flood(self.service, "/events", batch) as server:
            browser.sign_in(server.url, self.key)
            watch(
                browser, server,
                lambda: browser.wait("a list", "document.querySelectorAll('.feed li time').length === 60"),
                lambda: browser.wait_text(f"flood-{server.sent - 1}", ".feed"),
            )
            if "more are not shown" not in browser.text():
                raise Failure("the page does not say that it shows only some of the events")
        self.sign_in()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    # As scripts/with-stage.sh names them.
    parser.add_argument("--service", default=os.environ.get("API_URL"), help="its address; default $API_URL")
    parser.add_argument("--simulator", default=os.environ.get("SIMULATOR_URL"), help="default $SIMULATOR_URL")
    parser.add_argument("--key", default=os.environ.get("API_KEY"), help="one of API_KEYS; default $API_KEY")
    parser.add_argument("--only", default="", help="the tests whose names have this in them, and the sign-in")
    parser.add_argument("--screenshot", help="make the documentation's picture when all is well, and save it here")
    options = parser.parse_args()
    if not (options.service and options.simulator and options.key):
        parser.error("--service, --simulator and --key are needed, or API_URL, SIMULATOR_URL and API_KEY")
    failed = []
    with Page() as browser:
        browser.size(1440, 900)
        tour = Tour(options, browser)
        for name in [name for name in vars(Tour) if name.startswith("test_")]:
            if name != "test_sign_in" and options.only not in name:
                continue
            try:
                getattr(tour, name)()
                print("ok  ", name[5:].replace("_", " "), flush=True)
            except (AssertionError, WebDriverError, OSError, KeyError) as failure:
                failed.append(name)
                print("FAIL", name[5:].replace("_", " "), flush=True)
                traceback.print_exception(failure, limit=-2)
                if name == "test_sign_in":
                    break
        tour.faults([])
        if options.screenshot and not failed:
            overview(tour)
            browser.size(1280, 1640)
            browser.run("document.activeElement.blur()")
            browser.screenshot(options.screenshot)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
