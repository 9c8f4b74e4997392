// Written by scripts/embed-contracts.sh: change Sources/HTTPAPI/Console/Page/usage.js instead.

/// Sources/HTTPAPI/Console/Page/usage.js, as the binary carries it.
enum ConsoleUsageScript {
    /// The whole document.
    static let text = #"""
        // What messages have cost: the API's sums as they are, decimals that no number of JavaScript has rounded.

        import { foreign, h, replace, table } from "./dom.js";

        const kinds = [
          { id: "countries", title: "Country", name: (part) => (/^\d/.test(part.name) ? `+${part.name}` : part.name) },
          { id: "senders", title: "Sender", name: (part) => foreign(part.name) },
          { id: "campaigns", title: "Campaign", name: (part) => (part.name === "none" ? "of no campaign" : foreign(part.name)) },
        ];
        /** As many as one looks at; the API has more. */
        const shown = 6;

        export function showUsage(place, usage) {
          const text = JSON.stringify(usage);
          if (place.dataset.shown === text) return;
          place.dataset.shown = text;
          replace(place, h("div", { class: "card" },
            h("h2", {}, "Cost"),
            usage.length === 0
              ? h("p", { class: "empty" }, "No message has come to an end with a price since the start.")
              : usage.map((one) => currency(one))));
        }

        function currency(one) {
          const unit = one.currency === "unknown" ? "in a currency that was not named" : one.currency;
          return [
            h("p", {}, h("strong", { class: "sum" }, one.sum), ` ${unit}`,
              h("span", { class: "small quiet" }, " for what has come to an end since the start")),
            h("div", { class: "thirds" }, kinds.map((kind) => {
              const parts = one[kind.id];
              return h("div", {},
                table([
                  { title: kind.title, cell: kind.name },
                  { title: one.currency, kind: "figure", cell: (part) => part.sum },
                ], parts.slice(0, shown), { label: `Cost by ${kind.title.toLowerCase()}, ${one.currency}` }),
                parts.length > shown ? h("p", { class: "small quiet" }, `The ${shown} largest.`) : null);
            })),
          ];
        }

        """#
}
