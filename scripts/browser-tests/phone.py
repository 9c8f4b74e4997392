#!/usr/bin/env python3
"""Holds the simulator's page against a real browser: python3 phone.py --simulator http://127.0.0.1:4000

Needs Debian's chromium and chromium-driver, and a running simulator that was started with --webhooks. With --listen PORT
(the port that --webhooks names) this script is the service: it answers the webhooks and looks at them. What the
simulator holds is cleared. Exits 1 when something is not as it should be."""

import argparse
import pathlib
import sys
import time
import traceback

from flood import Flood, event, watch
from hostile import hostile_texts
from picture import phones
from simulator import ACCOUNT, HANDSET, Service, Simulator
from webdriver import Browser

CHECKS = (pathlib.Path(__file__).parent / "checks.js").read_text()


class Tests:
    """One test a method, in the order in which they stand; each begins with an empty simulator and the page open."""

    def __init__(self, browser, simulator, service):
        self.browser = browser
        self.simulator = simulator
        self.service = service

    def begin(self):
        self.simulator.ask("DELETE", "/simulator/faults")
        self.simulator.ask("DELETE", "/simulator/messages")
        self.browser.resize(1440, 900)
        self.browser.open(self.simulator.url + "/")
        self.browser.wait("the page is live", "return document.querySelector('#state').textContent === 'live'")
        self.browser.log()

    def end(self):
        # That the simulator refuses rules that are wrong is logged as well.
        wrong = [line for line in self.browser.log() if "400 (Bad Request)" not in line]
        assert wrong == [], f"the page has logged {wrong}"

    def row(self, text, part):
        """Waits for the row of a message whose text and words hold something; returns its words."""
        return self.browser.wait(
            f"a message {text!r} with {part!r}",
            """return [...document.querySelectorAll('#traffic-list > li')].map((row) => row.innerText)
                 .find((words) => words.includes(arguments[0]) && words.includes(arguments[1]))""",
            text, part,
        )

    def bubble(self, kind, text, part=""):
        return self.browser.wait(
            f"a bubble {text!r} with {part!r}",
            """return [...document.querySelectorAll(`#thread .${arguments[0]}`)].map((bubble) => bubble.innerText)
                 .find((words) => words.includes(arguments[1]) && words.includes(arguments[2]))""",
            kind, text, part,
        )

    def wait_for_answer(self, text):
        if self.service is None:
            return
        deadline = time.monotonic() + 30
        while (HANDSET, ACCOUNT, text) not in self.service.texts:
            assert time.monotonic() < deadline, f"the service did not get {text!r}, but {self.service.texts}"
            time.sleep(0.05)

    def test_an_sms_arrives_and_is_answered(self):
        assert self.simulator.send("Grüße, your code is 4711") == 202
        words = self.row("your code is 4711", "delivered")
        for part in ["+14155550123", "from +14155550100", "GSM-7", "1 segment", "24 characters"]:
            assert part in words, f"{part!r} is not in {words!r}"
        self.browser.click("#traffic-list details summary")
        words = self.row("your code is 4711", "answered 200")
        for part in ["submitted", "delivered", "order-17"]:
            assert part in words, f"{part!r} is not in {words!r}"
        self.bubble("in", "your code is 4711", "delivered")
        times = self.browser.run("return [...document.querySelectorAll('time')].map((time) => time.title)")
        assert times and all(title.endswith(" UTC") for title in times), times
        self.browser.write("#answer-text", "Thanks 👍")
        self.browser.click("#answer .primary")
        self.bubble("out", "Thanks 👍", "delivered to the service")
        self.wait_for_answer("Thanks 👍")
        assert self.browser.run("return document.querySelector('#answer-text').value") == ""

    def test_stop(self):
        assert self.simulator.send("An offer") == 202
        self.bubble("in", "An offer")
        self.browser.click("#answer [data-text=STOP]")
        self.bubble("out", "STOP", "delivered to the service")
        self.wait_for_answer("STOP")

    def test_a_new_phone_and_what_is_wrong_with_a_number(self):
        self.browser.write("#handset", "12")
        self.browser.click("#open-phone button")
        self.browser.wait("a problem", "return document.querySelector('#handset-error').textContent.includes('7 to 15')")
        self.browser.write("#handset", "+44 7700 900 123")
        self.browser.click("#open-phone button")
        title = "return document.querySelector('#phone-title').textContent === '+447700900123'"
        self.browser.wait("the phone is open", title)
        self.browser.write("#answer-text", "Hello")
        self.browser.click("#answer .primary")
        problem = "return document.querySelector('#answer-error').textContent.includes('has to be a number')"
        self.browser.wait("a problem", problem)
        self.browser.write("#answer-to", "+1 415 555 0100")
        self.browser.click("#answer .primary")
        self.bubble("out", "Hello")

    def test_a_fault_goes_on_and_off(self):
        self.browser.run("document.querySelector('#fault-status').closest('li').querySelector('details').open = true")
        self.browser.write("#fault-status-times", "2")
        self.browser.click("#fault-status")
        self.browser.wait("two times left",
                          "return document.querySelector('#fault-status-left').textContent === '2 times left'")
        assert self.simulator.ask("GET", "/simulator/faults")[1] == [{"fault": "status", "status": 503, "times": 2}]
        assert self.simulator.send("First try") == 503
        self.row("Nothing was accepted", "refused 503")
        self.browser.wait("one time left",
                          "return document.querySelector('#fault-status-left').textContent === '1 time left'")
        self.browser.click("#fault-status")
        self.browser.wait("no rule", "return document.querySelector('#rules').innerText.includes('None')")
        assert self.simulator.send("Second try") == 202
        self.row("Second try", "delivered")
        self.browser.click("#fault-no_receipt")
        self.browser.wait("a rule", "return document.querySelectorAll('#rules button').length === 1")
        assert self.simulator.send("Third try") == 202
        self.row("Third try", "fault: no_receipt")
        self.browser.click("#no-faults")
        self.browser.wait("off", "return !document.querySelector('#fault-no_receipt').checked")

    def test_rules_given_as_json_are_shown(self):
        rules = [{"fault": "slow", "latency_ms": 5, "to": "44"}, {"fault": "slow", "latency_ms": 7}]
        self.simulator.ask("PUT", "/simulator/faults", rules)
        self.browser.wait("both rules", "return document.querySelectorAll('#rules li').length === 2")
        words = self.browser.run("return document.querySelector('#rules').innerText")
        assert '"latency_ms":7' in words and words.count("given as JSON") == 1, words
        assert self.browser.run("return document.querySelector('#fault-slow-to').value") == "44"
        self.browser.click("#rules li:nth-child(1) button")
        self.browser.wait("one rule", "return document.querySelectorAll('#rules li').length === 1")
        assert self.simulator.ask("GET", "/simulator/faults")[1] == [{"fault": "slow", "latency_ms": 7}]
        self.browser.run("document.querySelector('#rules-json').closest('details').open = true")
        self.browser.write("#rules-json", '[{"fault": "none"}]')
        self.browser.click("#rules-form button")
        self.browser.wait("a problem",
                          "return document.querySelector('#faults-error').textContent.includes('drop_before')")

    def test_search_pause_and_clear(self):
        for number in range(5):
            self.simulator.send(f"Parcel {number}", to=f"4477009000{number:02}", reference=f"ref-{number}")
        rows = "return document.querySelectorAll('#traffic-list > li').length"
        self.browser.wait("five rows", f"{rows} === 5")
        for words, found in [("PARCEL 3", 1), ("447700900004", 1), ("ref-2", 1), ("parcel", 5), ("nothing", 0)]:
            self.browser.write("#search", words)
            self.browser.wait(f"{found} found for {words}",
                              f"{rows} === {found} && document.querySelector('#traffic-note').textContent.includes('found')"
                              .replace("return ", "return "))
        self.browser.run("""const search = document.querySelector('#search'); search.value = '';
                            search.dispatchEvent(new Event('input'))""")
        self.browser.wait("all again", f"{rows} === 5")
        self.browser.click("#pause")
        self.simulator.send("Not now")
        self.browser.wait("one is newer", "return document.querySelector('#traffic-note').textContent.includes('1 newer')")
        assert self.browser.run(rows) == 5
        self.browser.click("#pause")
        self.row("Not now", "delivered")
        self.browser.click("#clear")
        self.browser.wait("nothing", f"{rows} === 0")
        assert self.simulator.ask("GET", "/simulator/messages")[1] == []

    def test_hostile_texts_are_texts(self):
        texts = hostile_texts()
        assert len(texts) == 200
        self.browser.run("window.attacked = 0")
        for index, text in enumerate(texts):
            if index % 2 == 0:
                status = self.simulator.send(text, reference=f"h{index}")
            else:
                status, _ = self.simulator.ask(
                    "POST", "/simulator/inbound", {"from": HANDSET, "to": ACCOUNT, "text": text}
                )
            assert status == 202, f"{text!r} is answered {status}"
        shown = """return [...document.querySelectorAll(arguments[0])].map((element) => element.textContent)"""
        sent = [text for index, text in enumerate(texts) if index % 2 == 0]
        self.browser.wait("all sent", "return document.querySelectorAll('#traffic-list > li').length === 100")
        assert sorted(self.browser.run(shown, "#traffic-list .sms-text")) == sorted(sent)
        self.browser.wait("a thread", "return document.querySelectorAll('#thread > li').length === 100")
        bubbles = self.browser.run(shown, "#thread .bubble-text")
        assert set(bubbles) <= set(texts), set(bubbles) - set(texts)
        assert self.browser.run("return window.attacked") == 0, "a script has run"
        foreign = """return document.querySelectorAll('#traffic-list :is(script, img, iframe, svg, style, a, form),'
                     + '#thread :is(script, img, iframe, svg, style, a, form), #phone-list img').length"""
        assert self.browser.run(foreign) == 0, "a text has become markup"
        for width in [360, 768, 1440]:
            self.browser.resize(width, 800)
            assert self.wide() is None, f"at {width}: {self.wide()}"

    def wide(self):
        return self.browser.run("""const width = document.documentElement.scrollWidth;
                                   return width > innerWidth ? `${width} in ${innerWidth}` : null""")

    def test_roles_names_contrast_and_widths(self):
        self.simulator.ask("PUT", "/simulator/faults",
                           [{"fault": "fail_receipt", "to": "44", "times": 9}, {"fault": "slow", "latency_ms": 1}])
        for number, text in enumerate(["Hello", "Ж" * 200, "Accepted"]):
            self.simulator.send(text, to=f"44770090000{number}" if number else HANDSET)
        self.row("Hello", "delivered")
        self.row("Accepted", "rejected")
        self.simulator.ask("POST", "/simulator/inbound", {"from": HANDSET, "to": ACCOUNT, "text": "Yes"})
        self.browser.run("for (const part of document.querySelectorAll('details')) part.open = true")
        for scheme in ["light", "dark"]:
            self.browser.devtools("Emulation.setEmulatedMedia",
                                  {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
            for width, height in [(360, 740), (768, 1024), (1440, 900)]:
                self.browser.resize(width, height)
                wrong = self.browser.run(CHECKS)
                assert wrong == [], f"{scheme}, {width}: {wrong}"
        self.browser.devtools("Emulation.setEmulatedMedia", {"features": []})
        self.names()

    def names(self):
        """Every control and landmark has a name, as the browser computes it for a screen reader."""
        self.browser.devtools("Accessibility.enable")
        nodes = self.browser.devtools("Accessibility.getFullAXTree")["nodes"]
        roles = {}
        for node in nodes:
            role = node.get("role", {}).get("value")
            if not node.get("ignored"):
                roles.setdefault(role, []).append(node.get("name", {}).get("value", "").strip())
        named = ["button", "textbox", "searchbox", "switch", "combobox", "spinbutton", "link", "image", "region", "log",
                 "heading"]
        for role in named:
            for name in roles.get(role, []):
                assert name != "", f"a {role} has no name"
        for role, count in [("main", 1), ("banner", 1), ("region", 4), ("log", 1), ("switch", 13), ("searchbox", 1),
                            ("heading", 6), ("image", 1)]:
            assert len(roles.get(role, [])) == count, f"{len(roles.get(role, []))} of role {role}, not {count}"

    def test_by_keyboard_alone(self):
        self.simulator.send("Hello")
        self.bubble("in", "Hello")
        reached = {}
        self.browser.run("document.activeElement.blur(); getSelection().removeAllRanges()")
        for _ in range(150):
            self.browser.press("tab")
            focus = self.browser.run("""const now = document.activeElement;
                if (now === document.body) return null;
                const style = getComputedStyle(now);
                const box = now.getBoundingClientRect();
                return {key: now.id || now.dataset.text || now.textContent.slice(0, 30), name: now.localName,
                        isSeen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
                                && box.width > 0 && box.bottom > 0 && box.top < innerHeight}""")
            if focus is None or focus["key"] in reached and focus["key"] not in ("Parameters", "Details"):
                break
            reached[focus["key"]] = True
            assert focus["isSeen"], f"the focus is not seen on {focus}"
        for key in ["handset", "thread", "answer-to", "STOP", "HELP", "START", "answer-text", "Send", "search", "pause",
                    "clear", "no-faults", "fault-status", "fault-unsigned_receipt", "Details"]:
            assert key in reached, f"{key} is not reached; {list(reached)} are"
        self.browser.run("document.querySelector('#handset').focus()")
        self.browser.type("447700900555")
        self.browser.press("enter")
        self.browser.wait("the phone is open and asks for a text", """
            return document.querySelector('#phone-title').textContent === '+447700900555'
              && document.activeElement.id === 'answer-text'""")
        self.browser.wait("the number to answer is filled in", "return document.querySelector('#answer-to').value !== ''")
        self.browser.type("by keys")
        self.browser.press("enter")
        self.bubble("out", "by keys", "delivered")
        self.browser.run("document.querySelector('#fault-hang').focus()")
        self.browser.press("space")
        self.browser.wait("the fault is on", "return document.querySelector('#rules').innerText.includes('hang')")
        self.browser.press("space")
        self.browser.wait("the fault is off", "return document.querySelector('#rules').innerText.includes('None')")

    def test_much_at_a_time_neither_freezes_nor_grows_it(self):
        self.browser.run("""window.longest = 0; let before = performance.now();
            const look = () => { const now = performance.now(); window.longest = Math.max(window.longest, now - before);
                                 before = now; requestAnimationFrame(look); };
            requestAnimationFrame(look)""")
        count, rate = self.simulator.flood(8000)
        self.browser.wait("all is counted",
                          "return document.querySelector('#request-count').textContent.replace(/\\D/g, '') === arguments[0]",
                          str(count), limit=60)
        sizes = self.browser.run("""return {rows: document.querySelectorAll('#traffic-list > li').length,
            phones: document.querySelectorAll('#phone-list > li').length, all: document.querySelectorAll('*').length,
            longest: window.longest, sampling: document.querySelector('#sampling').textContent}""")
        heap = self.browser.devtools("Runtime.getHeapUsage")["usedSize"] >> 20
        print(f"     {rate:.0f} a second, longest frame {sizes['longest']:.0f} ms, {sizes['all']} elements, {heap} MB",
              flush=True)
        assert sizes["rows"] <= 200 and sizes["phones"] <= 50, sizes
        assert sizes["all"] < 8000, sizes
        assert sizes["longest"] < 10_000, sizes
        assert heap < 100, f"{heap} MB of memory"
        # What was left out is put right: each message that is shown has its receipts in the end.
        self.browser.wait("all that is shown is delivered", """
            return [...document.querySelectorAll('#traffic-list .badge')].every((badge) => badge.textContent === 'delivered')
              && document.querySelectorAll('#traffic-list .badge').length === 200""", limit=120)

    def test_a_thousand_messages_a_second(self):
        counts = {"requests": 0, "messages": 0, "left_out": 0}
        nothing = {"requests": [], "webhooks": [], "inbound": []}
        at = "2026-11-28T04:00:00.000Z"

        def request(number):
            to = f"1415556{number % 10000:04}"
            message = {**self.simulator.message(f"Number {number} of many", to=to), "message_uuid": f"u-{number}",
                       "received_at": at, "encoding": "gsm7", "segments": 1, "receipts": []}
            return {"message_uuid": f"u-{number}", "received_at": at, "status": 202, "to": to, "message": message}

        def batch(start, end):
            """As much as the simulator ever sends a page at a time, and how many there were besides."""
            numbers = range(max(start, end - 100), end)
            requests = [request(number) for number in numbers]
            webhooks = [{"answer": 200, "at": at, "attempt": 1, "kind": "status", "message_uuid": f"u-{number}",
                         "status": status} for number in numbers for status in ["submitted", "delivered"]]
            sums = {"requests": end, "messages": end, "left_out": end - start - len(numbers)}
            return event("changes", {"requests": requests, "webhooks": webhooks, "inbound": [], "counts": sums})

        first = event("snapshot", {**nothing, "counts": counts, "faults": [], "posts_webhooks": True})
        with Flood(self.simulator.url, "/simulator/events", batch, first=first, pause=0.1) as server:
            self.browser.open(server.url + "/")
            watch(
                self.browser, server,
                lambda: self.browser.wait(
                    "a list", "return document.querySelectorAll('#traffic-list .badge').length === 200", limit=90),
                lambda: self.row(f"Number {server.sent - 1} of many", "delivered"),
            )

    def test_it_says_how_much_it_left_out(self):
        self.simulator.send("One")
        self.row("One", "delivered")
        # What a batch says after more has arrived than is sent; how that comes about is tested in Swift.
        batch = {"requests": [], "webhooks": [], "inbound": [],
                 "counts": {"requests": 1235, "messages": 1235, "left_out": 1234}}
        self.browser.run("""const batch = arguments[0];
            return import("/page/model.js").then((model) => model.takeChanges(batch))""", batch)
        self.browser.wait("it says so", """
            return document.querySelector('#sampling').checkVisibility()
              && document.querySelector('#sampling').textContent.includes('1,234 requests not shown')""")

    def test_it_comes_back_when_the_stream_was_cut(self):
        self.browser.devtools("Network.enable")
        offline = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.browser.devtools("Network.emulateNetworkConditions", offline)
        self.browser.open("about:blank")
        self.browser.devtools("Network.emulateNetworkConditions", {**offline, "offline": False})
        self.begin()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--simulator", required=True, help="its address, as http://127.0.0.1:4000")
    parser.add_argument("--basic", help="key:secret, where the simulator wants them")
    parser.add_argument("--listen", type=int, help="the port that its --webhooks names: answer them here")
    parser.add_argument("--screenshot", help="make the documentation's picture, and save it here")
    parser.add_argument("--only", default="", help="the tests whose names have this in them")
    options = parser.parse_args()
    simulator = Simulator(options.simulator, options.basic)
    service = Service(options.listen) if options.listen else None
    failed = 0
    with Browser() as browser:
        tests = Tests(browser, simulator, service)
        for name in [name for name in vars(Tests) if name.startswith("test_") and options.only in name]:
            try:
                tests.begin()
                getattr(tests, name)()
                tests.end()
                print("ok  ", name[5:].replace("_", " "), flush=True)
            except Exception:
                failed += 1
                print("FAIL", name[5:].replace("_", " "), flush=True)
                traceback.print_exc()
        if options.screenshot:
            phones(browser, simulator)
            browser.screenshot(options.screenshot)
        simulator.ask("DELETE", "/simulator/faults")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
