// Written by scripts/embed-page.sh: change Sources/VonageSimulator/Page/assets/phones.js instead.

/// `phones.js` of the page, as the binary carries it.
enum PagePhonesJS {
    /// The whole file.
    static let text = #"""
        // Phones: who was written to, one thread, and what its owner answers.

        import {
          ask, byId, count, foreign, make, number, oncePerFrame, setText, syncList, time,
        } from "/page/dom.js";
        import { attemptText, entryOfMessage, hearOfPhone, model, outcome } from "/page/model.js";

        const mostBubbles = 100;
        const encodings = { gsm7: "GSM-7", ucs2: "UCS-2" };
        const list = byId("phone-list");
        const thread = byId("thread");
        const to = byId("answer-to");
        const text = byId("answer-text");
        const phoneRows = new Map();
        const bubbleRows = new Map();

        /** The phone that is open, and what is known of its thread by key, also of what the model has forgotten. */
        let open = null;
        let isReading = false;
        let readAt = 0;

        const digits = (value) => value.replace(/[^0-9]/g, "");
        const isNumber = (value) => /^[1-9][0-9]{6,14}$/.test(value);

        export function setUpPhones() {
          byId("open-phone").addEventListener("submit", (event) => {
            event.preventDefault();
            const input = byId("handset");
            const value = digits(input.value);
            const isGood = isNumber(value);
            input.setAttribute("aria-invalid", String(!isGood));
            setText(byId("handset-error"), isGood ? "" : "A number has 7 to 15 digits, its country code first.");
            if (!isGood) return;
            input.value = "";
            if (!model.phones.has(value)) hearOfPhone(value, "", new Date().toISOString(), true, false);
            openPhone(value);
            text.focus();
          });
          byId("answer").addEventListener("submit", (event) => {
            event.preventDefault();
            send(text.value).then((isSent) => {
              if (isSent) text.value = "";
            });
          });
          text.addEventListener("keydown", (event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            byId("answer").requestSubmit();
          });
          for (const button of document.querySelectorAll("#answer [data-text]")) {
            button.addEventListener("click", () => send(button.dataset.text));
          }
          drawPhones();
        }

        /** Opens a phone's thread. */
        export function openPhone(value) {
          if (open?.number !== value) {
            open = { number: value, bubbles: new Map(), snapshots: -1 };
            bubbleRows.clear();
            thread.replaceChildren();
            to.value = "";
            setText(byId("answer-error"), "");
          }
          const known = model.phones.get(value);
          if (known) known.unread = 0;
          else hearOfPhone(value, "", new Date().toISOString(), true, false);
          drawPhones();
        }

        async function send(words) {
          const problem = byId("answer-error");
          const account = digits(to.value);
          setText(problem, "");
          to.setAttribute("aria-invalid", String(!isNumber(account)));
          if (!isNumber(account)) {
            setText(problem, "“To” has to be a number of the service, 7 to 15 digits.");
            to.focus();
            return false;
          }
          if (words.trim() === "") {
            setText(problem, "Write something first.");
            text.focus();
            return false;
          }
          try {
            await ask("POST", "/simulator/inbound", { from: open.number, to: account, text: words });
            return true;
          } catch (error) {
            setText(problem, error.message);
            return false;
          }
        }

        /** Draws what has changed, in the next frame. */
        export const drawPhones = oncePerFrame(() => {
          const phones = [...model.phones.values()].toReversed();
          if (!open && phones.length > 0) {
            openPhone(phones[0].number);
            return;
          }
          if (open && model.phones.has(open.number)) model.phones.get(open.number).unread = 0;
          syncList(list, phoneRows, phones, {
            key: (phone) => phone.number,
            build: buildPhone,
            update: updatePhone,
            isChanged: () => true,
          });
          byId("no-phones").hidden = phones.length > 0;
          drawThread();
        });

        function buildPhone(phone) {
          const button = make("button", { type: "button" },
            make("span", { class: `avatar tone-${Number(phone.number) % 6}`, "aria-hidden": "true" }, phone.number.slice(-2)),
            make("span", { class: "phone-number" }, number(phone.number)),
            make("span", { class: "phone-time" }),
            foreign("span", "", { class: "phone-text" }),
            make("span", { class: "unread" }),
          );
          button.addEventListener("click", () => openPhone(phone.number));
          return make("li", {}, button);
        }

        function updatePhone(row, phone) {
          const button = row.firstChild;
          const [, , when, preview, unread] = button.children;
          const isOpen = phone.number === open?.number;
          if (isOpen) button.setAttribute("aria-current", "true");
          else button.removeAttribute("aria-current");
          if (when.dataset.at !== phone.at && phone.text !== "") {
            when.dataset.at = phone.at;
            when.replaceChildren(time(phone.at, true));
          }
          // The beginning is enough: the line is cut.
          setText(preview, phone.text === "" ? "no message yet" : phone.text.slice(0, 120));
          setText(unread, phone.unread > 0 ? String(Math.min(phone.unread, 99)) : "");
          unread.hidden = phone.unread === 0;
          if (phone.unread > 0) unread.setAttribute("aria-label", `${phone.unread} unread`);
        }

        function drawThread() {
          byId("answer").querySelectorAll("button, textarea, input").forEach((control) => {
            control.disabled = !open || !model.postsWebhooks;
          });
          setText(byId("phone-note"), !model.postsWebhooks
            ? "Handsets cannot write: start the simulator with --webhooks."
            : open ? "" : "Choose one, or open a number.");
          document.querySelector(".phone-head .avatar").className =
            `avatar ${open ? `tone-${Number(open.number) % 6}` : ""}`;
          setText(document.querySelector(".phone-head .avatar"), open ? open.number.slice(-2) : "");
          setText(byId("phone-title"), open ? number(open.number) : "No phone open");
          if (!open) return;
          readThread();
          const { bubbles } = open;
          for (const entry of model.entries.values()) {
            if (entry.message && entry.to === open.number) bubbles.set(entry.key, { key: entry.key, at: entry.at, entry });
          }
          for (const inbound of model.inbound.values()) {
            if (inbound.from !== open.number) continue;
            bubbles.set(inbound.message_uuid, { key: inbound.message_uuid, at: inbound.received_at, inbound });
          }
          const shown = [...bubbles.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).slice(-mostBubbles);
          open.bubbles = new Map(shown.map((bubble) => [bubble.key, bubble]));
          const isAtEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 40;
          syncList(thread, bubbleRows, shown, {
            key: (bubble) => bubble.key,
            build: buildBubble,
            update: updateBubble,
            isChanged: (bubble) => bubbleRows.get(bubble.key).state !== stateOf(bubble),
          });
          if (isAtEnd) thread.scrollTop = thread.scrollHeight;
          const sender = shown.findLast((bubble) => bubble.entry && isNumber(bubble.entry.message.from))?.entry.message.from
            ?? shown.findLast((bubble) => bubble.inbound)?.inbound.to
            ?? [...model.entries.values()].findLast((entry) => isNumber(entry.message?.from ?? ""))?.message.from;
          if (to.value === "" && document.activeElement !== to && sender) to.value = number(sender);
        }

        /** Reads the thread from the simulator, which remembers more: when it is opened, and after a snapshot, each second at most. */
        async function readThread() {
          const wait = readAt + 1000 - performance.now();
          if (open.snapshots === model.snapshots || isReading) return;
          isReading = true;
          if (open.snapshots >= 0 && wait > 0) await new Promise((go) => setTimeout(go, wait));
          const thread = open;
          const snapshots = model.snapshots;
          try {
            const [messages, inbound] = await Promise.all([
              ask("GET", `/simulator/messages?to=${thread.number}&limit=${mostBubbles}`),
              ask("GET", `/simulator/inbound?from=${thread.number}&limit=${mostBubbles}`),
            ]);
            thread.bubbles = new Map([
              ...messages.filter((message) => message.to === thread.number).map(entryOfMessage)
                .map((entry) => [entry.key, { key: entry.key, at: entry.at, entry }]),
              ...inbound.filter((message) => message.from === thread.number)
                .map((message) => [message.message_uuid, { key: message.message_uuid, at: message.received_at, inbound: message }]),
            ]);
          } catch {
            // The stream's own notice says that the simulator is away.
          }
          thread.snapshots = snapshots;
          readAt = performance.now();
          isReading = false;
          drawPhones();
        }

        const stateOf = ({ entry, inbound }) => {
          if (entry) return outcome(entry).word;
          const last = inbound.deliveries.at(-1);
          if (!last) return "on its way";
          return last.answer >= 200 && last.answer < 300 ? "delivered to the service" : `not delivered: ${attemptText(last)}`;
        };

        function buildBubble({ entry, inbound }) {
          const words = (entry?.message ?? inbound).text;
          const row = make("li", { class: entry ? "bubble in" : "bubble out" });
          // A long text scrolls within its bubble; by the keyboard as well.
          const attributes = { class: "bubble-text" };
          if (words.length > 600) Object.assign(attributes, { tabindex: "0", role: "group", "aria-label": "Long text" });
          const meta = make("p", { class: "bubble-meta" });
          if (entry) {
            const { encoding, segments, from } = entry.message;
            meta.append(
              make("span", { class: "hidden" }, "from "), foreign("bdi", number(from)), " · ", time(entry.at, true), " · ",
              `${encodings[encoding] ?? encoding}, ${count(segments, "segment", "segments")} · `,
            );
          } else {
            meta.append(make("span", { class: "hidden" }, "answer to "), foreign("bdi", number(inbound.to)), " · ",
              time(inbound.received_at, true), " · ");
          }
          meta.append(make("span", { class: "bubble-state" }));
          row.append(foreign("div", words, attributes), meta);
          return row;
        }

        function updateBubble(row, bubble) {
          row.state = stateOf(bubble);
          setText(row.querySelector(".bubble-state"), row.state);
        }

        """#
}
