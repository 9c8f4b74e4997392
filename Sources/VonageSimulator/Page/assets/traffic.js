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
  const parts = {
    head: make("div", { class: "sms-head" }),
    text: foreign("p", "", { class: "sms-text" }),
    facts: make("p", { class: "facts" }),
    receipts: make("ol", { class: "attempts" }),
    more: null,
  };
  const phone = make("button", { type: "button", class: "number", title: "Open this phone" }, number(entry.to));
  phone.addEventListener("click", () => openPhone(entry.to));
  const from = entry.message?.from;
  parts.head.append(
    entry.to === "" ? make("span", { class: "number" }, "no recipient") : phone,
    make("span", { class: "from" }, from ? "from " : "", from ? foreign("bdi", number(from)) : ""),
    time(entry.at),
  );
  if (entry.message) {
    parts.more = make("details", {}, make("summary", {}, "Details"));
    const facts = make("dl", { class: "ids" });
    const add = (name, value) =>
      facts.append(make("div", {}, make("dt", {}, name), make("dd", {}, foreign("bdi", value))));
    add("id", entry.message.message_uuid);
    if (entry.message.client_ref) add("client_ref", entry.message.client_ref);
    add("authorised by", entry.message.authorization);
    parts.more.append(facts, parts.receipts);
  }
  const row = make("li", { class: "sms" }, parts.head, parts.text, parts.facts, parts.more);
  row.parts = parts;
  parts.more?.addEventListener("toggle", () => row.classList.toggle("open", parts.more.open));
  return row;
}

function update(row, entry) {
  drawn.set(row, entry);
  const { text, facts, receipts } = row.parts;
  setText(text, entry.message?.text ?? "Nothing was accepted.");
  text.classList.toggle("none", !entry.message);
  const { word, kind } = outcome(entry);
  facts.replaceChildren(...[
    make("span", { class: `badge ${kind}` }, word),
    entry.fault && make("span", { class: "badge fault" }, `fault: ${entry.fault}`),
    entry.message && make("span", {}, encodings[entry.message.encoding] ?? entry.message.encoding),
    entry.message && make("span", {}, count(entry.message.segments, "segment", "segments")),
    entry.message && make("span", {}, count([...entry.message.text].length, "character", "characters")),
  ].filter(Boolean));
  if (!entry.message) return;
  receipts.replaceChildren(...entry.attempts.map((attempt) =>
    make("li", {}, make("b", {}, attempt.status), ` ${attemptText(attempt)} `, attempt.at ? time(attempt.at) : ""),
  ));
  receipts.hidden = entry.attempts.length === 0;
}
