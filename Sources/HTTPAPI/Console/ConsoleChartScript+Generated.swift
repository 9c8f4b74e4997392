// Written by scripts/embed-contracts.sh: change Sources/HTTPAPI/Console/Page/chart.js instead.

/// Sources/HTTPAPI/Console/Page/chart.js, as the binary carries it.
enum ConsoleChartScript {
    /// The whole document.
    static let text = #"""
        // Charts of the flow: stacked columns, one for each minute, as SVG.

        import { h } from "./dom.js";

        const width = 620;
        const height = 150;
        const left = 34;
        const bottom = 18;

        function svg(name, attributes, ...children) {
          const element = document.createElementNS("http://www.w3.org/2000/svg", name);
          for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
          element.append(...children.filter(Boolean));
          return element;
        }

        /** A round number that is not below the largest column, and gives whole steps. */
        function ceiling(largest) {
          if (largest <= 4) return 4;
          const power = 10 ** Math.floor(Math.log10(largest));
          return [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((step) => step >= largest);
        }

        /** Kinds are `{ id, title }`, drawn from the axis up. */
        export function flowChart(flow, kinds, title) {
          const rows = kinds.map((kind) => flow.series[kind.id] ?? []);
          const length = flow.minutes;
          const totals = Array.from({ length }, (_, i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0));
          const top = ceiling(Math.max(...totals, 0));
          const y = (value) => (height - bottom) * (1 - value / top);
          const step = (width - left) / length;
          const end = new Date(flow.until).getTime();
          const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
          const parts = [];
          for (const value of [0, top / 2, top]) {
            parts.push(svg("line", { class: "axis", x1: left, x2: width, y1: y(value), y2: y(value) }));
            parts.push(svg("text", { x: left - 6, y: y(value) + 4, "text-anchor": "end" }, value.toLocaleString()));
          }
          for (let i = 0; i < length; i += 15) {
            const label = clock.format(new Date(end - (length - 1 - i) * 60000));
            parts.push(svg("text", { x: left + i * step, y: height - 3 }, label));
          }
          parts.push(svg("text", { x: width, y: height - 3, "text-anchor": "end" }, "now"));
          for (let i = 0; i < length; i += 1) {
            let base = 0;
            const column = svg("g", { class: "column" });
            rows.forEach((row, index) => {
              const value = row[i] ?? 0;
              if (!value) return;
              column.append(svg("rect", {
                class: `k-${kinds[index].id}`, x: left + i * step + 0.75, width: step - 1.5,
                y: y(base + value), height: Math.max(1, y(base) - y(base + value)), rx: 1,
              }));
              base += value;
            });
            column.append(svg("rect", { class: "hit", x: left + i * step, width: step, y: 0, height: height - bottom }));
            const at = clock.format(new Date(end - (length - 1 - i) * 60000));
            const figures = kinds.map((kind, index) => `${kind.title} ${rows[index][i] ?? 0}`).join(", ");
            column.prepend(svg("title", {}, document.createTextNode(`${at}: ${figures}`)));
            parts.push(column);
          }
          const sums = kinds.map((kind, index) => [kind, rows[index].reduce((sum, value) => sum + value, 0)]);
          const summary = sums.map(([kind, sum]) => `${kind.title} ${sum}`).join(", ");
          const picture = svg("svg", {
            class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img",
            "aria-label": `${title}, last ${length} minutes: ${summary}`,
          }, ...parts);
          return h("div", {},
            h("ul", { class: "legend", "aria-label": `${title}, sums of the last hour` }, sums.map(([kind, sum]) => h("li", {},
              h("span", { class: `swatch k-${kind.id}` }), `${kind.title} `, h("strong", {}, sum.toLocaleString())))),
            picture);
        }


        """#
}
