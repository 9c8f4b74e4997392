// Written by scripts/embed-page.sh: change Sources/VonageSimulator/Page/assets/traffic.js instead.

/// `traffic.js` of the page, as the binary carries it.
enum PageTrafficJS {
    /// The whole file.
    static let text = #"""
        // Every request to send, the latest first: live, paused, or what a search finds.

        import { ask, byId, count, figure, foreign, make, number, oncePerFrame, setText, syncList, time } from "/page/dom.js";
        import { attemptText, entryOfMessage, model, outcome } from "/page/model.js";

        const list = byId("traffic-list");
        const search = byId("search");
        const rows = new Map();
        const encodings = { gsm7: "GSM-7", ucs2: "UCS-2" };

        let openPhone = () => {};
        let pausedAt = null;
        let found = null;
        let searchNumber = 0;
        let searchTimer = null;

        export function setUpTraffic(open) {
          openPhone = open;
          search.addEventListener("input", () => searchSoon(200));
          byId("pause").addEventListener("click", () => {
            pausedAt = pausedAt === null ? model.counts.requests : null;
            byId("pause").setAttribute("aria-pressed", String(pausedAt !== null));
            drawTraffic();
          });
          byId("clear").addEventListener("click", async () => {
            try {
              await ask("DELETE", "/simulator/messages");
            } catch (error) {
              setText(byId("traffic-note"), error.message);
            }
          });
          const body = '{"channel":"sms","message_type":"text","from":"14155550100","to":"14155550123","text":"Hello"}';
          byId("example").textContent =
            `curl ${location.origin}/v1/messages \\\n  -H 'Content-Type: application/json' \\\n  -d '${body}'`;
        }

        /** Draws what has changed, in the next frame. */
        export const drawTraffic = oncePerFrame(() => {
          const words = search.value.trim();
          if (words !== "") searchSoon(1000);
          drawNote(words);
          if (words === "" && pausedAt !== null) return;
          const entries = words === "" ? [...model.entries.values()] : (found ?? []);
          syncList(list, rows, entries.toReversed(), {
            key: (entry) => entry.key,
            build,
            update,
            isChanged: (entry) => words !== "" || model.changed.has(entry.key) || entry !== drawn.get(rows.get(entry.key)),
          });
          model.changed.clear();
          byId("no-traffic").hidden = model.counts.requests > 0 || !model.isWhole;
        });

        /** What each item was drawn from: after a snapshot the entries are others. */
        const drawn = new WeakMap();

        function drawNote(words) {
          const note = byId("traffic-note");
          if (words !== "") {
            setText(note, found === null ? "Searching" : `${count(found.length, "message", "messages")} found`);
          } else if (pausedAt !== null) {
            setText(note, `Paused: ${count(Math.max(model.counts.requests - pausedAt, 0), "newer request", "newer requests")}`);
          } else if (model.counts.requests > model.entries.size) {
            setText(note, `The latest ${figure(model.entries.size)}; search looks through all that are kept`);
          } else {
            setText(note, "");
          }
        }

        /** Searches in the simulator, which remembers more than the page: once after the last key, and once a second at most. */
        function searchSoon(pause) {
          if (search.value.trim() === "") {
            found = null;
            searchNumber += 1;
            clearTimeout(searchTimer);
            searchTimer = null;
            drawTraffic();
            return;
          }
          if (pause < 1000) clearTimeout(searchTimer);
          else if (searchTimer !== null || !model.hasNews) return;
          searchTimer = setTimeout(async () => {
            const mine = (searchNumber += 1);
            const words = search.value.trim();
            model.hasNews = false;
            try {
              const messages = await ask("GET", `/simulator/messages?limit=200&search=${encodeURIComponent(words)}`);
              if (mine === searchNumber) found = messages.map(entryOfMessage);
            } catch (error) {
              setText(byId("traffic-note"), error.message);
            }
            searchTimer = null;
            drawTraffic();
          }, pause);
        }

        function build(entry) {
          const phone = make("button", { type: "button", class: "number", title: "Open this phone" }, number(entry.to));
          phone.addEventListener("click", () => openPhone(entry.to));
          const from = entry.message?.from;
          const head = make("div", { class: "sms-head" },
            entry.to === "" ? make("span", { class: "number" }, "no recipient") : phone,
            make("span", { class: "from" }, from ? "from " : "", from ? foreign("bdi", number(from)) : ""),
            time(entry.at),
          );
          const row = make("li", { class: "sms" }, head);
          row.text = foreign("p", "", { class: "sms-text" });
          row.facts = make("p", { class: "facts" });
          row.append(row.text, row.facts);
          if (entry.message) {
            row.details = make("details", {}, make("summary", {}, "Details"));
            row.details.addEventListener("toggle", () => {
              row.classList.toggle("open", row.details.open);
              showDetails(row, drawn.get(row));
            });
            row.append(row.details);
          }
          return row;
        }

        function update(row, entry) {
          drawn.set(row, entry);
          setText(row.text, entry.message?.text ?? "Nothing was accepted.");
          row.text.classList.toggle("none", !entry.message);
          const { word, kind } = outcome(entry);
          row.facts.replaceChildren(...[
            make("span", { class: `badge ${kind}` }, word),
            entry.fault && make("span", { class: "badge fault" }, `fault: ${entry.fault}`),
            entry.message && make("span", {}, encodings[entry.message.encoding] ?? entry.message.encoding),
            entry.message && make("span", {}, count(entry.message.segments, "segment", "segments")),
            entry.message && make("span", {}, count([...entry.message.text].length, "character", "characters")),
          ].filter(Boolean));
          showDetails(row, entry);
        }

        /** Ids and receipts, made when they are looked at: of most messages they never are. */
        function showDetails(row, entry) {
          if (!row.details?.open) return;
          const { message, attempts } = entry;
          const ids = [["id", message.message_uuid], ["client_ref", message.client_ref], ["authorised by", message.authorization]];
          const receipts = attempts.map((attempt) =>
            make("li", {}, make("b", {}, attempt.status), ` ${attemptText(attempt)} `, attempt.at ? time(attempt.at) : ""));
          row.details.replaceChildren(
            row.details.firstElementChild,
            make("dl", { class: "ids" }, ...ids.filter(([, value]) => value).map(([name, value]) =>
              make("div", {}, make("dt", {}, name), make("dd", {}, foreign("bdi", value))))),
            receipts.length > 0 ? make("ol", { class: "attempts", "aria-label": "Receipts" }, ...receipts) : "",
          );
        }

        """#
}
