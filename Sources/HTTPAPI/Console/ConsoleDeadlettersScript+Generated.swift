// Written by scripts/embed-contracts.sh: change Sources/HTTPAPI/Console/Page/deadletters.js instead.

/// Sources/HTTPAPI/Console/Page/deadletters.js, as the binary carries it.
enum ConsoleDeadlettersScript {
    /// The whole document.
    static let text = #"""
        // Dead letters: why, and sending them again, by the rules of `dead replay`.

        import { call, get, query } from "./api.js";
        import { action, confirm, count, foreign, h, replace, table, tag, time, toast } from "./dom.js";
        import { link } from "./overview.js";

        const advices = {
          replay: "Send again: it can work.", fix: "Correct the command or the account first.",
          never: "The handset may have it already.",
        };

        export const deadLetters = {
          title: "Dead letters",
          render(main, { parameters, signal }) {
            const code = parameters.get("code") ?? "";
            const body = h("div", { "aria-live": "polite", "aria-busy": "true" });
            const form = h("form", {
              class: "row",
              onsubmit: (event) => {
                event.preventDefault();
                const next = `#/dead-letters${query({ code: form.elements.code.value.trim() })}`;
                if (next === location.hash) load();
                else location.hash = next;
              },
            },
            h("label", {}, "Only with the code", h("input", { name: "code", value: code, placeholder: "retries_exhausted" })),
            h("button", { class: "main" }, "Look"));
            replace(main,
              h("h1", {}, "Dead letters"),
              h("section", { class: "card", "aria-label": "Dead letters" },
                h("div", { class: "head" },
                  h("p", { class: "quiet small" },
                    "Looking takes nothing away. This list does not change by itself: look again."),
                  form),
                body));
            async function load() {
              body.setAttribute("aria-busy", "true");
              try {
                draw(await get(`dead-letters${query({ code })}`, signal));
              } catch (error) {
                if (!signal.aborted) replace(body, h("p", { class: "error", role: "alert" }, error.message));
              } finally {
                body.setAttribute("aria-busy", "false");
              }
            }
            async function replay(order, question) {
              if (question && !(await confirm(question))) return;
              const report = await call("POST", "dead-letters/replay", order);
              toast(sentence(report));
              await load();
            }
            function draw({ items, count: total }) {
              const replayable = items.filter((item) => item.advice !== "never");
              replace(body,
                h("div", { class: "head" },
                  h("p", {}, h("strong", {}, count(total)), total === 1 ? " dead letter" : " dead letters",
                    items.length < total ? `, ${count(items.length)} shown` : ""),
                  replayable.length > 1
                    ? action(code ? `Replay all with ${code}` : "Replay all", () => replay(
                      code ? { code } : { all: true },
                      {
                        title: code ? `Replay all dead letters with ${code}?` : "Replay all dead letters?", yes: "Replay",
                        text: `Each is sent again to the lane it came from. Those that the handset may have are refused. `
                          + `Of very many the first 5,000 are looked at.`,
                      })) : null),
                table([
                  { title: "Message", kind: "id", cell: name },
                  { title: "Code", cell: (row) => h("span", { class: "tag bad" }, row.code) },
                  { title: "Why", cell: (row) => foreign(row.detail) },
                  { title: "Attempts", kind: "figure", cell: (row) => count(row.attempts) },
                  { title: "From", kind: "tight", cell: (row) => h("code", {}, row.routing_key || row.exchange || "–") },
                  { title: "Given up", cell: (row) => time(row.last_seen) ?? "–" },
                  { title: "Advice", cell: advice },
                  { title: "", cell: (row) => button(row, replay) },
                ], items, { label: "Dead letters, oldest first", empty: "There are no dead letters." }));
            }
            load();
          },
        };

        function name(row) {
          return row.id === row.handle ? h("code", {}, row.handle) : link(row.id);
        }

        function advice(row) {
          return row.advice ? h("span", { title: advices[row.advice] }, row.advice) : "–";
        }

        function button(row, replay) {
          if (row.advice === "never") {
            return action("Force resend", () => replay({ ids: [row.handle], force_resend: true }, {
              title: "Send although the handset may have it?", isDangerous: true, yes: "Send again",
              text: `${row.id}: a request of it may have arrived. Sent again, the handset may get the message twice.`,
            }), { kind: "slim danger", label: `Force resend of ${row.id}` });
          }
          return action("Replay", () => replay({ ids: [row.handle] }), { label: `Replay ${row.id}` });
        }

        function sentence({ results, unknown }) {
          const counts = {};
          for (const { result } of results) counts[result] = (counts[result] ?? 0) + 1;
          const parts = [`${counts.replayed ?? 0} replayed`];
          if (counts.refused) parts.push(`${counts.refused} refused`);
          if (counts.not_taken) parts.push(`${counts.not_taken} not taken by the broker`);
          if (unknown.length) parts.push(`${unknown.length} not there any more`);
          const reason = results.find((line) => line.reason)?.reason;
          return parts.join(", ") + (reason ? `: ${reason}.` : ".");
        }

        """#
}
