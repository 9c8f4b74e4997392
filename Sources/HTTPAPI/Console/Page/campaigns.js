// Campaigns: how far they are, and their course.

import { call, get, path, query } from "./api.js";
import { action, confirm, count, foreign, h, replace, table, tag, time, toast } from "./dom.js";

const isOver = (state) => ["completed", "cancelled", "invalid"].includes(state);

export const campaigns = {
  title: "Campaigns",
  render(main, { signal }) {
    const list = h("div", { "aria-busy": "true" });
    replace(main, h("h1", {}, "Campaigns"), h("section", { class: "card", "aria-label": "Campaigns" }, list));
    let shown = "";
    let extra = [];
    async function load(cursor) {
      try {
        const page = await get(`campaigns${query({ cursor })}`, signal);
        if (cursor) extra = [...extra, ...page.items];
        const next = cursor ? page.next : extra.length ? null : page.next;
        const items = cursor ? [...JSON.parse(shown || "[[]]")[0], ...page.items] : [...page.items, ...extra];
        const text = JSON.stringify([items, next]);
        // A button that has the focus stays where it is while nothing changes.
        if (text !== shown) draw(items, next);
        shown = text;
      } catch (error) {
        if (!signal.aborted) replace(list, h("p", { class: "error", role: "alert" }, error.message));
      } finally {
        list.setAttribute("aria-busy", "false");
      }
    }
    function draw(items, next) {
      const focused = document.activeElement?.getAttribute("aria-label");
      replace(list,
        table([
          { title: "Campaign", kind: "id", cell: name },
          { title: "State", cell: (row) => tag(row.state) },
          { title: "Progress", cell: progress },
          { title: "Sent", kind: "figure", cell: (row) => count(row.accepted) },
          { title: "Not sent", kind: "figure", cell: (row) => count(notSent(row)) },
          { title: "Pending", kind: "figure", cell: (row) => count(row.pending + row.uncertain) },
          { title: "Begun", cell: (row) => time(row.created_at) },
          { title: "", cell: (row) => course(row, load) },
        ], items, { label: "Campaigns, newest first", empty: "There was no campaign yet." }),
        next ? action("Show older", () => load(next)) : null);
      if (!focused) return;
      [...list.querySelectorAll("button")].find((one) => one.getAttribute("aria-label") === focused)?.focus();
    }
    load();
    window.addEventListener("overview", () => load(), { signal });
  },
};

function name(row) {
  return h("a", { href: `#/messages${query({ campaign_id: row.campaign_id })}` }, foreign(row.campaign_id));
}

function notSent(row) {
  return row.rejected + row.failed + row.invalid + row.suppressed + row.expired + row.cancelled;
}

function progress(row) {
  const done = row.recipients - row.pending - row.uncertain;
  const share = (number) => (row.recipients ? (100 * number) / row.recipients : 0);
  const part = (className, number) => {
    const piece = h("span", { class: className });
    piece.style.width = `${share(number)}%`;
    return piece;
  };
  const text = `${count(done)} of ${count(row.recipients)}`;
  return h("div", {},
    h("div", {
      class: "meter", role: "progressbar", "aria-label": `Progress of ${row.campaign_id}`, "aria-valuemin": "0",
      "aria-valuemax": String(row.recipients), "aria-valuenow": String(done), "aria-valuetext": text,
    }, part("done", row.accepted), part("bad", done - row.accepted), part("doubt", row.uncertain)),
    h("span", { class: "small quiet" }, text),
    row.state === "invalid" && row.error ? h("p", { class: "small error" }, foreign(row.error.detail)) : null);
}

function course(row, load) {
  if (isOver(row.state) || row.state === "cancelling") return null;
  const id = row.campaign_id;
  const act = (method, ...words) => call(method, path("campaigns", id, ...words));
  const isPaused = row.state === "paused";
  return h("div", { class: "row" },
    action(isPaused ? "Resume" : "Pause", async () => {
      await act("POST", isPaused ? "resume" : "pause");
      toast(isPaused ? "The campaign goes on." : "The campaign pauses; what is in the lane already is still sent.");
      await load();
    }, { label: `${isPaused ? "Resume" : "Pause"} ${id}` }),
    action("Cancel", async () => {
      const isSure = await confirm({
        title: "Cancel this campaign?", isDangerous: true, yes: "Cancel the campaign",
        text: `${id}: whatever has not been handed to the provider is not sent. This cannot be taken back.`,
      });
      if (!isSure) return;
      await act("DELETE");
      toast("The campaign is being cancelled.");
      await load();
    }, { kind: "slim danger", label: `Cancel ${id}` }));
}
