// Written by scripts/embed-contracts.sh: change Sources/HTTPAPI/Console/Page/lists.js instead.

/// Sources/HTTPAPI/Console/Page/lists.js, as the binary carries it.
enum ConsoleListsScript {
    /// The whole document.
    static let text = #"""
        // The suppression list, and the configuration in force.

        import { call, get, path, query } from "./api.js";
        import { action, confirm, foreign, h, replace, table, time, toast } from "./dom.js";

        export const optOuts = {
          title: "Opt-outs",
          render(main, { signal }) {
            const body = h("div", { "aria-busy": "true" });
            const error = h("p", { class: "error", role: "alert" });
            const form = h("form", {
              class: "card", "aria-label": "Add a number",
              onsubmit: async (event) => {
                event.preventDefault();
                error.textContent = "";
                const number = form.elements.number.value.trim();
                const sender = form.elements.sender.value.trim();
                try {
                  await call("PUT", path("opt-outs", number), sender ? { sender } : {});
                  toast(`${number} is on the list.`);
                  form.reset();
                  await load();
                } catch (problem) {
                  error.textContent = problem.message;
                  form.elements.number.focus();
                }
              },
            },
            h("div", { class: "fields" },
              h("label", {}, "Number", h("input", { name: "number", inputmode: "tel", required: true, autocomplete: "off" })),
              h("label", {}, "Sender (empty: all)", h("input", { name: "sender", autocomplete: "off" })),
              h("div", { class: "row" }, h("button", { class: "main" }, "Add"))),
            error);
            replace(main, h("h1", {}, "Suppression list"), form,
              h("section", { class: "card", "aria-label": "Suppression list" }, body));
            let items = [];
            async function load(cursor) {
              try {
                const page = await get(`opt-outs${query({ cursor, limit: 100 })}`, signal);
                items = cursor ? [...items, ...page.items] : page.items;
                replace(body,
                  table([
                    { title: "Number", kind: "tight", cell: (row) => foreign(row.number) },
                    { title: "Sender", kind: "tight", cell: (row) => (row.sender === "*" ? "all" : foreign(row.sender)) },
                    { title: "Source", cell: (row) => row.source },
                    { title: "Keyword", cell: (row) => (row.keyword ? foreign(row.keyword) : null) },
                    { title: "Since", cell: (row) => time(row.timestamp) ?? "–" },
                    { title: "", cell: (row) => (row.number.startsWith("+") ? remove(row) : null) },
                  ], items, { label: "Suppression list", empty: "No number is on the list." }),
                  page.next ? action("Show more", () => load(page.next)) : null);
              } catch (problem) {
                if (!signal.aborted) replace(body, h("p", { class: "error", role: "alert" }, problem.message));
              } finally {
                body.setAttribute("aria-busy", "false");
              }
            }
            function remove(row) {
              return action("Remove", async () => {
                const isSure = await confirm({
                  title: "Remove this number from the list?", isDangerous: true, yes: "Remove",
                  text: `${row.number} gets messages again${row.sender === "*" ? "" : ` from ${row.sender}`}. `
                    + "Only do this if the person has asked for it.",
                });
                if (!isSure) return;
                await call("DELETE", path("opt-outs", row.number) + query({ sender: row.sender }));
                toast(`${row.number} is not on the list any more.`);
                await load();
              }, { kind: "slim danger", label: `Remove ${row.number}` });
            }
            load();
          },
        };

        export const configuration = {
          title: "Configuration",
          async render(main, { signal }) {
            const body = h("div", { "aria-busy": "true" });
            replace(main,
              h("h1", {}, "Configuration"),
              h("section", { class: "card", "aria-label": "Settings in force" },
                h("p", { class: "quiet small" }, "As this process was started with it. Secrets are redacted."), body));
            try {
              const { items } = await get("configuration", signal);
              replace(body, table([
                { title: "Variable", cell: (row) => h("code", {}, row.name) },
                { title: "Value", cell: (row) => (row.value === undefined ? "–" : h("code", {}, foreign(row.value))) },
                { title: "From", cell: (row) => foreign(row.source) },
              ], items, { label: "Settings in force" }));
            } catch (error) {
              if (!signal.aborted) replace(body, h("p", { class: "error", role: "alert" }, error.message));
            } finally {
              body.setAttribute("aria-busy", "false");
            }
          },
        };

        """#
}
