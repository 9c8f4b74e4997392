// Is it well, what flows, and what waits for what.

import { follow, path } from "./api.js";
import { flowChart } from "./chart.js";
import { count, foreign, h, meaning, replace, span, table, tag, time, wait } from "./dom.js";
import { showUsage } from "./usage.js";

const out = [
  { id: "accepted", title: "Accepted" }, { id: "uncertain", title: "Uncertain" },
  { id: "stopped", title: "Suppressed, expired or cancelled" }, { id: "failed", title: "Failed" },
];
const back = [
  { id: "delivered", title: "Delivered" }, { id: "receipt", title: "Other receipts" },
  { id: "undelivered", title: "Not delivered" }, { id: "inbound", title: "From handsets" },
];
const feedLimit = 60;
/** How often the list of events is drawn, in milliseconds: what comes meanwhile beyond the limit is counted. */
const feedPause = 250;

export const overview = {
  title: "Overview",
  render(main, { signal }) {
    const health = h("section", { "aria-label": "Health" });
    const tiles = h("section", { class: "tiles", "aria-label": "Figures" });
    const charts = h("section", { class: "grid", "aria-label": "Flow per minute" });
    const figures = h("section", { class: "grid", "aria-label": "Lanes and queues" });
    const open = h("section", { class: "grid", "aria-label": "Uncertain and waiting" });
    const cost = h("section", { "aria-label": "What messages have cost" });
    replace(main,
      h("div", { class: "head" }, h("h1", {}, "Overview"), h("p", { class: "quiet small", id: "since" })),
      health, tiles, charts, figures, open, cost, feed(signal));
    let drawn = "";
    window.addEventListener("overview", ({ detail }) => {
      showHealth(health, detail);
      showTiles(tiles, detail);
      const flow = JSON.stringify(detail.flow);
      // Nothing is drawn anew, and no title that is pointed at goes, while the figures are the same.
      if (flow !== drawn) showCharts(charts, detail.flow);
      drawn = flow;
      keepingFocus(main, () => {
        showQueues(figures, detail);
        showOpen(open, detail);
      });
      showUsage(cost, detail.usage);
      replace(document.getElementById("since"),
        "Running for ", span(new Date(detail.time) - new Date(detail.started_at)), ", since ", time(detail.started_at));
    }, { signal });
  },
};

/** Redraws, and gives the focus back to the link that had it. */
function keepingFocus(main, redraw) {
  const focused = main.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  redraw();
  if (focused && document.activeElement === document.body) {
    [...main.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
  }
}

function showHealth(place, { health, breaker, held_until: held }) {
  const failing = health.dependencies.filter((one) => !one.ok);
  const notes = health.dependencies.filter((one) => one.ok && one.detail);
  const kind = failing.length > 0 ? "bad" : notes.length > 0 || held ? "doubt" : "good";
  const text = JSON.stringify([failing, notes, breaker, held]);
  if (place.dataset.shown === text) return;
  place.dataset.shown = text;
  const line = (one) =>
    h("li", {}, h("strong", {}, one.name), one.detail ? [": ", foreign(one.detail)] : null);
  replace(place, h("div", { class: `banner ${kind}` },
    h("h2", {}, failing.length > 0 ? "Not ready" : notes.length > 0 ? "Well, with remarks" : "Well"),
    failing.length === 0 && notes.length === 0
      ? h("p", { class: "small" }, `All ${health.dependencies.length} dependencies answer.`)
      : h("ul", { class: "small" }, failing.map(line), notes.map(line)),
    breaker ? h("p", {}, "All sending pauses since ", time(breaker.since), ": ", foreign(breaker.detail), ". ",
      breaker.next_probe ? ["Next try at ", time(breaker.next_probe), "."] : "It is being tried now.") : null));
}

function showTiles(place, detail) {
  const last = (kind) => detail.flow.series[kind]?.at(-1) ?? 0;
  const before = (kind) => detail.flow.series[kind]?.at(-2) ?? 0;
  const dead = detail.queues?.find((queue) => queue.name.endsWith(".dead"))?.ready;
  const tile = (label, figure, { href, kind = "", note = "" } = {}) =>
    h(href ? "a" : "div", { class: `tile ${kind}`, href },
      h("span", { class: "figure" }, figure), h("span", { class: "label" }, label, note ? h("br") : null, note));
  replace(place,
    tile("accepted last minute", count(before("accepted")), { note: `${count(last("accepted"))} in this one` }),
    tile("delivered last minute", count(before("delivered")), { note: `${count(last("delivered"))} in this one` }),
    tile("waiting", count(detail.open?.waiting), { note: "for a time or a receipt" }),
    tile("uncertain", count(detail.open?.uncertain),
      { href: "#/messages?state=uncertain", kind: detail.open?.uncertain ? "warn" : "", note: "sent or not" }),
    tile("overdue", count(detail.overdue),
      { kind: detail.overdue ? "warn" : "", note: "accepted, without a final receipt" }),
    tile("dead letters", count(dead), { href: "#/dead-letters", kind: dead ? "alarm" : "", note: "given up on" }),
    tile("events in the spool", count(detail.spooled),
      { kind: detail.spooled ? "warn" : "", note: "wait for the broker" }));
}

function showCharts(place, flow) {
  replace(place,
    h("div", { class: "card" }, h("h2", {}, "Out, per minute"), flowChart(flow, out, "Outcomes of commands")),
    h("div", { class: "card" }, h("h2", {}, "Back, per minute"), flowChart(flow, back, "Receipts and replies")));
}

function showQueues(place, detail) {
  const rate = detail.units_per_second === undefined ? "unlimited"
    : `${detail.units_per_second.toLocaleString(undefined, { maximumFractionDigits: 1 })} a second`;
  replace(place,
    h("div", { class: "card" },
      h("h2", {}, "Lanes"),
      table([
        { title: "Lane", cell: (row) => row.lane },
        { title: "Waiting for a slot", kind: "figure", cell: (row) => count(row.waiting) },
        { title: "Being sent", kind: "figure", cell: (row) => count(row.in_flight) },
      ], detail.lanes, { label: "Lanes" }),
      h("p", { class: "small quiet" }, `Rate in force: ${rate}.`,
        detail.held_until ? [" Too many requests: sending holds until ", time(detail.held_until), "."] : ""),
      detail.open
        ? table([
          { title: "In the ledger", cell: (row) => row[0] },
          { title: "Commands", kind: "figure", cell: (row) => count(row[1]) },
        ], [
          ["pending", detail.open.pending], ["sending", detail.open.sending], ["uncertain", detail.open.uncertain],
          ["settled, event not published", detail.open.unpublished],
        ], { label: "Open commands" })
        : h("p", { class: "error" }, "The store does not answer.")),
    h("div", { class: "card" },
      h("h2", {}, "Queues"),
      detail.queues
        ? table([
          { title: "Queue", cell: (row) => h("code", {}, row.name) },
          { title: "Ready", kind: "figure", cell: (row) => count(row.ready) },
          { title: "Taken", kind: "figure", cell: (row) => (row.unacked === undefined ? "–" : count(row.unacked)) },
        ], detail.queues, { label: "Queues" })
        : h("p", { class: "error" }, "The broker does not answer.")));
}

function showOpen(place, detail) {
  const columns = [
    { title: "Message", kind: "id", cell: (row) => link(row.id) },
    { title: "To", kind: "tight", cell: (row) => row.to ?? "–" },
    { title: "Until", cell: (row) => time(row.waiting?.until) ?? "–" },
    { title: "Why", cell: (row) => (row.waiting ? wait(row.waiting.reason, row.waiting.detail) : "–") },
  ];
  const card = (title, items, total, empty) => h("div", { class: "card" },
    h("div", { class: "head" }, h("h2", {}, title),
      h("span", { class: "small quiet" }, total > items.length ? `${items.length} of ${count(total)}` : "")),
    table(columns, items, { label: title, empty }));
  replace(place,
    card("Uncertain", detail.uncertain, detail.open?.uncertain, "No message is in doubt."),
    card("Waiting", detail.waiting, detail.open ? detail.open.waiting : 0, "No message waits."));
}

export function link(id) {
  return h("a", { href: `#/${path("messages", id)}`, class: "mono" }, foreign(id));
}

/** The events as they come: as many as one can read, and how many there were besides. */
function feed(signal) {
  const list = h("ol", { class: "feed", tabindex: "0", "aria-label": "Events, newest first" },
    h("li", { class: "quiet" }, "Nothing has been published since this page was opened."));
  const state = h("span", { class: "small quiet", role: "status" }, "connecting");
  const omitted = h("span", { class: "small quiet" });
  let isPaused = false;
  let isEmpty = true;
  let left = 0;
  let waiting = [];
  let timer = null;
  const pause = h("button", {
    type: "button", class: "slim", "aria-pressed": "false",
    onclick: () => {
      isPaused = !isPaused;
      pause.setAttribute("aria-pressed", String(isPaused));
      pause.textContent = isPaused ? "Go on" : "Pause";
    },
  }, "Pause");
  const draw = () => {
    timer = null;
    if (left > 0) omitted.textContent = `sampled: ${left.toLocaleString()} more are not shown`;
    if (waiting.length === 0 || isPaused) return;
    if (isEmpty) replace(list);
    isEmpty = false;
    list.prepend(...waiting.reverse().map(item));
    waiting = [];
    while (list.children.length > feedLimit) list.lastChild.remove();
  };
  follow(signal, (kind, data) => {
    if (kind === "omitted") {
      left += data.count;
    } else if (kind === "published" && !isPaused) {
      waiting.push(data);
      if (waiting.length > feedLimit) {
        waiting.shift();
        left += 1;
      }
    }
    timer ??= setTimeout(draw, feedPause);
  }, (isConnected) => { state.textContent = isConnected ? "live" : "connecting again"; });
  return h("section", { class: "card", "aria-label": "Events as they are published" },
    h("div", { class: "head" },
      h("div", { class: "row" }, h("h2", {}, "Events"), state, omitted), pause),
    list);
}

function item(event) {
  const [, family, word] = (event.type ?? "").split(".");
  const isInbound = family === "inbound";
  const name = word ?? event.type;
  return h("li", {},
    time(event.time),
    h("span", { class: `tag ${meaning(name) || (isInbound ? "busy" : "")}` },
      family === "status" ? `receipt: ${name}` : name),
    h("span", {}, event.from ?? "", event.from && event.to ? " → " : "", event.to ?? ""),
    event.command_id ? link(event.command_id) : event.campaign_id ? foreign(event.campaign_id, "mono") : "",
    event.error
      ? h("span", { class: "quiet" }, foreign(event.error.detail || event.error.title || event.error.code)) : null,
    event.text !== undefined ? h("span", { class: "text" }, foreign(event.text)) : null);
}
