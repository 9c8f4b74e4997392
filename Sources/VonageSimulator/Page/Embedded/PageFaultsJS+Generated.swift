// Written by scripts/embed-page.sh: change Sources/VonageSimulator/Page/assets/faults.js instead.

/// `faults.js` of the page, as the binary carries it.
enum PageFaultsJS {
    /// The whole file.
    static let text = #"""
        // Faults as switches: each kind has one rule of its own; the rules that were given by hand are shown below.

        import { ask, byId, count, make, setText } from "/page/dom.js";
        import { model } from "/page/model.js";

        const number = (name, label, attributes = {}) => ({ name, label, type: "number", min: "0", step: "1", ...attributes });

        const times = number("times", "How many times", { placeholder: "without end" });

        /** Parameters that every kind has that is about requests to send. */
        const common = [
          { name: "to", label: "Only numbers that begin with", type: "text", inputmode: "tel", placeholder: "all" },
          times,
          number("rate", "How often, 0 to 1", { placeholder: "always", max: "1", step: "any" }),
        ];

        const kinds = [
          ["status", "Refuse with a status", [
            number("status", "HTTP status", { value: "503", min: "200", max: "599" }),
            number("retry_after", "Retry-After in seconds", { placeholder: "none" }),
            { name: "body", label: "Body", options: ["problem", "html", "empty"] },
          ]],
          ["drop_before", "Close, accept nothing", []],
          ["drop_after", "Accept, then close", []],
          ["hang", "Never answer, accept nothing", []],
          ["hang_after", "Never answer, but accept", []],
          ["slow", "Answer late", [number("latency_ms", "Milliseconds", { placeholder: "1000" })]],
          ["no_receipt", "Send no receipts", [
            { name: "status", label: "Status in the reports", type: "text", placeholder: "delivered" },
            number("error", "Provider's code in the reports", { placeholder: "none" }),
          ]],
          ["duplicate_receipts", "Send each receipt twice", []],
          ["reordered_receipts", "Send the final receipt first", []],
          ["late_receipt", "Send receipts late", [number("delay_ms", "Milliseconds", { placeholder: "1000" })]],
          ["fail_receipt", "Report a failure", [
            { name: "status", label: "Status of the receipt", type: "text", placeholder: "rejected" },
            number("error", "Provider's code", { placeholder: "1330" }),
          ]],
          ["unsigned_receipt", "Send each receipt unsigned first", []],
          ["reports_status", "Refuse requests for reports", [
            number("status", "HTTP status", { value: "503", min: "200", max: "599" }),
          ], [times]],
        ];

        const rows = new Map();
        let drawnRules = null;

        export function setUpFaults() {
          for (const [kind, title, own, others = common] of kinds) byId("fault-list").append(row(kind, title, [...own, ...others]));
          byId("no-faults").addEventListener("click", () => change(() => ask("DELETE", "/simulator/faults")));
          const json = byId("rules-json");
          json.closest("details").addEventListener("toggle", () => {
            json.value = JSON.stringify(model.faults, null, 1);
          });
          byId("rules-form").addEventListener("submit", (event) => {
            event.preventDefault();
            change(() => ask("PUT", "/simulator/faults", json.value));
          });
        }

        function row(kind, title, parameters) {
          const id = `fault-${kind}`;
          const input = make("input", { type: "checkbox", role: "switch", id, "aria-describedby": `${id}-left` });
          const fields = new Map(parameters.map((parameter) => [parameter.name, field(`${id}-${parameter.name}`, parameter)]));
          const left = make("span", { class: "left", id: `${id}-left` });
          const item = make("li", { class: "switch" },
            make("div", { class: "switch-head" }, input, make("label", { for: id }, title), left),
            make("details", {}, make("summary", { "aria-label": `Parameters of: ${title}` }, "Parameters"),
              make("div", { class: "fields" }, ...[...fields.values()].map(({ line }) => line))),
          );
          rows.set(kind, { input, fields, left });
          input.addEventListener("change", () => set(kind, input.checked));
          for (const { control } of fields.values()) {
            control.addEventListener("change", () => {
              if (input.checked) set(kind, true);
            });
          }
          return item;
        }

        function field(id, { label, options, name, ...attributes }) {
          const control = options
            ? make("select", { id }, ...options.map((option) => make("option", { value: option }, option)))
            : make("input", { id, autocomplete: "off", ...attributes });
          return { control, line: make("div", { class: "field" }, make("label", { for: id }, label), control) };
        }

        /** The rule that a switch stands for: the first of its kind that is not used up. */
        const ruleOf = (rules, kind) => rules.findIndex((rule) => rule.fault === kind && rule.times !== 0);

        function ruleFromFields(kind) {
          const rule = { fault: kind };
          for (const [name, { control }] of rows.get(kind).fields) {
            const value = control.value.trim();
            if (value === "" || (name === "body" && value === "problem")) continue;
            rule[name] = control.type === "number" ? Number(value) : value;
          }
          return rule;
        }

        /** Switches a fault on or off, or gives it other parameters; the other rules stay as they are. */
        function set(kind, isOn) {
          return change(async () => {
            const rules = await ask("GET", "/simulator/faults");
            const index = ruleOf(rules, kind);
            const own = isOn ? [ruleFromFields(kind)] : [];
            if (index >= 0) rules.splice(index, 1, ...own);
            else rules.push(...own);
            // What is used up goes: the list would only grow.
            await ask("PUT", "/simulator/faults", rules.filter((rule) => rule.times !== 0));
          });
        }

        async function change(action) {
          try {
            await action();
            setText(byId("faults-error"), "");
          } catch (error) {
            setText(byId("faults-error"), error.message);
            // The switches show what is in force, not what was asked for.
            drawnRules = null;
            drawFaults();
          }
        }

        /** Draws the rules in force, where they have changed. */
        export function drawFaults() {
          if (drawnRules === model.faults) return;
          drawnRules = model.faults;
          const switched = new Set();
          for (const [kind, { input, fields, left }] of rows) {
            const index = ruleOf(model.faults, kind);
            const rule = model.faults[index];
            input.checked = rule !== undefined;
            setText(left, rule?.times ? `${count(rule.times, "time", "times")} left` : "");
            if (!rule) continue;
            switched.add(index);
            for (const [name, { control }] of fields) {
              // The times that are left are not the times to ask for, and what is being written is the reader's.
              if (name === "times" || control === document.activeElement) continue;
              control.value = String(rule[name] ?? (name === "body" ? "problem" : ""));
            }
          }
          byId("rules").replaceChildren(...model.faults.map((rule, index) => {
            const remove = make("button", { type: "button", "aria-label": `Remove rule ${index + 1}, ${rule.fault}` }, "Remove");
            remove.addEventListener("click", () => {
              byId("no-faults").focus();
              change(() => ask("PUT", "/simulator/faults", model.faults.filter((other) => other !== rule)));
            });
            const note = rule.times === 0 ? "used up" : switched.has(index) ? "" : "given as JSON";
            return make("li", {}, make("code", { dir: "ltr" }, JSON.stringify(rule)),
              note === "" ? null : make("span", { class: "badge open" }, note), remove);
          }));
          if (model.faults.length === 0) byId("rules").append(make("li", { class: "note" }, "None: all goes well."));
        }

        """#
}
