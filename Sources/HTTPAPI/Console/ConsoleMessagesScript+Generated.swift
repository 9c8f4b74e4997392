// Written by scripts/embed-contracts.sh: change Sources/HTTPAPI/Console/Page/messages.js instead.

/// Sources/HTTPAPI/Console/Page/messages.js, as the binary carries it.
enum ConsoleMessagesScript {
    /// The whole document.
    static let text = #"""
        // Looking for messages, and what happened to one.

        import { call, get, path, query } from "./api.js";
        import { action, confirm, count, foreign, h, meaning, replace, table, tag, time, toast, wait } from "./dom.js";
        import { link } from "./overview.js";

        const states = [
          "pending", "sending", "uncertain", "accepted", "rejected", "failed", "suppressed", "expired", "invalid", "cancelled",
        ];

        export const messages = {
          title: "Messages",
          render(main, place) {
            if (place.words[0]) one(main, place.words.join("/"), place.signal);
            else search(main, place);
          },
        };

        // MARK: Search

        function search(main, { parameters, signal }) {
          const value = (name) => parameters.get(name) ?? "";
          const field = (name, label, properties = {}) =>
            h("label", {}, label, h("input", { name, value: value(name), autocomplete: "off", ...properties }));
          const results = h("div", { "aria-live": "polite", "aria-busy": "true" });
          const form = h("form", {
            class: "card", role: "search", "aria-label": "Search messages",
            onsubmit: (event) => {
              event.preventDefault();
              const given = Object.fromEntries(new FormData(form));
              if (given.id.trim()) {
                location.hash = `#/${path("messages", given.id.trim())}`;
                return;
              }
              delete given.id;
              for (const name of ["since", "until"]) if (given[name]) given[name] = new Date(given[name]).toISOString();
              const next = `#/messages${query(given)}`;
              if (next === location.hash) load();
              else location.hash = next;
            },
          },
          h("div", { class: "fields" },
            field("to", "To", { inputmode: "tel", placeholder: "+1 415 555 0101" }),
            h("label", {}, "State", h("select", { name: "state" },
              h("option", { value: "" }, "any"),
              states.map((state) => h("option", { value: state, selected: state === value("state") }, state)))),
            field("id", "Or the id", { value: "" }),
            h("div", { class: "row" },
              h("button", { class: "main" }, "Search"),
              h("a", { class: "small", href: "#/messages" }, "Clear"))),
          h("details", { open: ["from", "campaign_id", "since", "until"].some(value) },
            h("summary", {}, "By sender, campaign or time"),
            h("div", { class: "fields" },
              field("from", "From"),
              field("campaign_id", "Campaign"),
              field("since", "Taken from", { type: "datetime-local", step: "1", value: local(value("since")) }),
              field("until", "Taken before", { type: "datetime-local", step: "1", value: local(value("until")) }))));
          replace(main, h("h1", {}, "Messages"), form, h("section", { class: "card", "aria-label": "Results" }, results));

          let items = [];
          async function load(cursor) {
            results.setAttribute("aria-busy", "true");
            try {
              const page = await get(`messages${query({ ...Object.fromEntries(parameters), cursor })}`, signal);
              items = cursor ? [...items, ...page.items] : page.items;
              draw(page.next);
            } catch (error) {
              if (signal.aborted) return;
              replace(results, h("p", { class: "error", role: "alert" }, error.message));
            } finally {
              results.setAttribute("aria-busy", "false");
            }
          }
          function draw(next) {
            replace(results,
              table([
                { title: "Taken", cell: (row) => time(row.created_at) },
                { title: "Message", kind: "id", cell: (row) => link(row.id) },
                { title: "State", cell: (row) => tag(row.state) },
                { title: "To", kind: "tight", cell: (row) => row.to ?? "–" },
                { title: "From", kind: "tight", cell: (row) => (row.from ? foreign(row.from) : "–") },
                { title: "Attempts", kind: "figure", cell: (row) => count(row.attempts) },
                { title: "Why", cell: (row) => why(row) },
              ], items, { label: "Messages, newest first", empty: next ? "None so far." : "No message matches." }),
              h("div", { class: "row" },
                h("p", { class: "small quiet" }, `${count(items.length)} shown${next ? ", there are older ones" : ""}`),
                next ? action(items.length ? "Show older" : "Look further back", () => load(next)) : null));
          }
          load();
        }

        function local(text) {
          const moment = new Date(text);
          if (!text || Number.isNaN(moment.getTime())) return "";
          return new Date(moment.getTime() - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 19);
        }

        function why(row) {
          if (row.error) return foreign(row.error.detail || row.error.title || row.error.code);
          if (!row.waiting) return null;
          return ["waits until ", time(row.waiting.until), " ", wait(row.waiting.reason, row.waiting.detail)];
        }

        // MARK: One message

        const words = {
          taken: "Taken", taken_again: "Taken again", waiting: "Waits", attempt: "Attempt", not_taken: "Not taken",
          uncertain: "Uncertain", settled: "Settled", proved: "Proved", published: "Published", receipt: "Receipt",
          omitted: "Left out",
        };

        function one(main, id, signal) {
          const body = h("div", { class: "grid", "aria-live": "polite" });
          const buttons = h("div", { class: "row" });
          replace(main,
            h("p", {}, h("a", { href: "#/messages" }, "← Messages")),
            h("div", { class: "head" }, h("h1", {}, "Message ", foreign(id, "mono")), buttons),
            body);
          let shown = "";
          async function load() {
            try {
              const [message, timeline] = await Promise.all([
                get(path("messages", id), signal), get(`${path("messages", id)}/timeline`, signal),
              ]);
              const text = JSON.stringify([message, timeline]);
              if (text !== shown) draw(message, timeline.items);
              shown = text;
            } catch (error) {
              if (signal.aborted) return;
              replace(buttons);
              replace(body, h("p", { class: "card error", role: "alert" }, error.message));
            }
          }
          function draw(message, items) {
            const isOpen = ["pending", "sending", "uncertain"].includes(message.state);
            if (isOpen !== buttons.hasChildNodes()) {
              replace(buttons, isOpen ? action("Cancel message", async () => {
                const isSure = await confirm({
                  title: "Cancel this message?", isDangerous: true, yes: "Cancel the message",
                  text: "What has not been handed to the provider yet is not sent.",
                });
                if (!isSure) return;
                await call("DELETE", path("messages", id));
                toast("The cancellation is on its way.");
                await load();
              }, { kind: "danger" }) : null);
            }
            const campaign = message.campaign_id;
            const facts = [
              ["State", tag(message.state)],
              ["To", message.to], ["From", message.from ? foreign(message.from) : null],
              ["Why", message.error
                ? [foreign(message.error.detail || message.error.title), " ", h("code", {}, message.error.code)] : null],
              ["Waits", message.waiting
                ? ["until ", time(message.waiting.until), " ", wait(message.waiting.reason, message.waiting.detail)] : null],
              ["Attempts", count(message.attempts)], ["Segments", message.segments && count(message.segments)],
              ["Message UUID", message.message_uuid ? h("code", {}, message.message_uuid) : null],
              ["Campaign", campaign
                ? h("a", { href: `#/messages${query({ campaign_id: campaign })}` }, foreign(campaign)) : null],
              ["Taken", time(message.created_at)], ["Changed", time(message.updated_at)],
            ];
            replace(body,
              h("section", { class: "card", "aria-label": "Timeline" },
                h("h2", {}, "Timeline"),
                items.length === 0
                  ? h("p", { class: "empty" }, "It is in its queue, and nothing has happened to it yet.")
                  : h("ol", { class: "timeline" }, items.map(entry))),
              h("section", { class: "card", "aria-label": "Facts" },
                h("h2", {}, "Facts"),
                h("dl", { class: "facts" }, facts.filter(([, value]) => value)
                  .map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
                h("p", { class: "small quiet" }, "The text is not here: it is not kept once a message is settled.")));
          }
          load();
          window.addEventListener("overview", load, { signal });
        }

        function kind(item) {
          if (item.what === "settled" || item.what === "receipt") return meaning(item.detail.split(/[ ,:(]/)[0]);
          return { not_taken: "doubt", uncertain: "doubt", attempt: "busy", proved: "good" }[item.what] ?? "";
        }

        function entry(item) {
          return h("li", { class: kind(item) },
            h("span", {}, h("span", { class: "what" }, words[item.what] ?? item.what), " ",
              h("span", { class: "quiet small" }, time(item.time), item.until ? [", until ", time(item.until)] : "")),
            item.detail
              ? h("span", { class: "detail" }, item.what === "waiting" ? wait(item.detail) : foreign(item.detail)) : null);
        }

        """#
}
