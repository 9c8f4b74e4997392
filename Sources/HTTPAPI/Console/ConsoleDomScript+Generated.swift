// Written by scripts/embed-contracts.sh: change Sources/HTTPAPI/Console/Page/dom.js instead.

/// Sources/HTTPAPI/Console/Page/dom.js, as the binary carries it.
enum ConsoleDomScript {
    /// The whole document.
    static let text = #"""
        // Building the page: every text goes in as text, never as markup.

        /** An element with properties (`class`, `on…`, `data-…`, attributes) and children; null children are left out. */
        export function h(name, properties = {}, ...children) {
          const element = document.createElement(name);
          for (const [key, value] of Object.entries(properties ?? {})) {
            if (value === null || value === undefined || value === false) continue;
            if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
            else if (key === "value") element.value = value;
            else element.setAttribute(key, value === true ? "" : value);
          }
          append(element, children);
          return element;
        }

        function append(element, children) {
          for (const child of children.flat(Infinity)) {
            if (child === null || child === undefined || child === false) continue;
            element.append(child instanceof Node ? child : document.createTextNode(shown(String(child))));
          }
        }

        /** A text without what would move or turn the text around it: controls, and marks of direction left open. */
        export function shown(text) {
          return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g, "\ufffd")
            .replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g, "");
        }

        /** Text from outside, in its own direction. */
        export function foreign(text, className = "") {
          return h("bdi", className ? { class: className } : {}, text);
        }

        export function replace(element, ...children) {
          element.replaceChildren();
          append(element, children);
        }

        const clockTime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
        const dayTime = new Intl.DateTimeFormat(undefined, {
          month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit",
        });

        /** A moment in the reader's zone, with UTC as its title. */
        export function time(text) {
          if (!text) return null;
          const moment = new Date(text);
          if (Number.isNaN(moment.getTime())) return foreign(text);
          const isToday = moment.toDateString() === new Date().toDateString();
          const utc = moment.toISOString().replace("T", " ").replace("Z", " UTC");
          const format = isToday ? clockTime : dayTime;
          return h("time", { datetime: moment.toISOString(), title: utc, class: "tight" }, format.format(moment));
        }

        /** How long a span is, in two figures at most. */
        export function span(milliseconds) {
          const seconds = Math.max(0, Math.round(milliseconds / 1000));
          if (seconds < 60) return `${seconds} s`;
          if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
          if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
          return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
        }

        export function count(number) {
          return number === undefined || number === null ? "–" : number.toLocaleString();
        }

        /** A table; columns are `{ title, cell(row), kind }`, and become blocks on a telephone. */
        export function table(columns, rows, { label, empty = "Nothing here." } = {}) {
          if (rows.length === 0) return h("p", { class: "empty" }, empty);
          return h("div", { class: "scroll" },
            h("table", { class: "cards", "aria-label": label },
              h("thead", {}, h("tr", {}, columns.map((column) =>
                h("th", { scope: "col", class: column.kind }, column.title || h("span", { class: "hidden" }, "Actions"))))),
              h("tbody", {}, rows.map((row) => h("tr", {}, columns.map((column) =>
                h("td", { class: column.kind, "data-label": column.title }, column.cell(row))))))));
        }

        const meanings = {
          accepted: "good", delivered: "good", completed: "good",
          rejected: "bad", failed: "bad", invalid: "bad", undeliverable: "bad",
          uncertain: "doubt", paused: "doubt", expired: "doubt", cancelling: "doubt", suppressed: "doubt",
          sending: "busy", running: "busy", collecting: "busy",
        };

        /** A state as a word with its colour. */
        export function tag(state) {
          return h("span", { class: `tag ${meanings[state] ?? ""}` }, state);
        }

        export function meaning(state) {
          return meanings[state] ?? "";
        }

        const reasons = {
          schedule: "for its send_at", window: "for its window to open", rate: "for a slot within the rate",
          receipt: "for a receipt", retry: "for another attempt", clock: "for the clock, which was ahead",
        };

        /** Why a message waits, in words: a reason of the API's, and what the last request came to. */
        export function wait(reason, detail) {
          return [reasons[reason] ?? foreign(reason), detail ? [": ", foreign(detail)] : null];
        }

        /** Says something that has just happened, for eyes and for screen readers. */
        export function toast(text) {
          const place = document.getElementById("toasts");
          const note = h("p", { class: "toast" }, text);
          place.append(note);
          while (place.children.length > 3) place.firstChild.remove();
          setTimeout(() => note.remove(), 8000);
        }

        /** Asks before something that cannot be taken back; resolves to whether the answer was yes. */
        export function confirm({ title, text, yes, isDangerous = false }) {
          const dialog = document.getElementById("dialog");
          return new Promise((resolve) => {
            const close = (answer) => { dialog.close(); resolve(answer); };
            replace(dialog, h("div", { class: "body" },
              h("h2", { id: "dialog-title" }, title),
              h("p", {}, text),
              h("div", { class: "row" },
                h("button", { type: "button", onclick: () => close(false) }, "Back"),
                h("button", { type: "button", class: isDangerous ? "danger" : "main", onclick: () => close(true) }, yes))));
            dialog.oncancel = () => resolve(false);
            dialog.showModal();
          });
        }

        /** A form's button that does something: off meanwhile, and what went wrong is said. */
        export function action(text, run, { kind = "slim", label } = {}) {
          const button = h("button", {
            type: "button", class: kind, "aria-label": label,
            onclick: async () => {
              button.disabled = true;
              try { await run(); } catch (error) { toast(error.message); } finally { button.disabled = false; }
            },
          }, text);
          return button;
        }

        """#
}
