// Written by scripts/embed-contracts.sh: change Sources/HTTPAPI/Console/Page/console.css instead.

/// Sources/HTTPAPI/Console/Page/console.css, as the binary carries it.
enum ConsoleStyle {
    /// The whole document.
    static let text = #"""
        /* One accent, neutral greys, and three colours that mean something: good, doubtful, bad. All pairs are AA. */
        :root {
          color-scheme: light dark;
          --page: #f6f7f9;
          --card: #ffffff;
          --sunken: #eef0f4;
          --line: #d5d9e0;
          --field-line: #7b8494;
          --text: #1a1f29;
          --quiet: #545d6d;
          --accent: #1f55c4;
          --on-accent: #ffffff;
          --accent-soft: #e4ecfb;
          --good: #1d7044;
          --good-soft: #e0f3e8;
          --doubt: #8a5300;
          --doubt-soft: #fdf0d8;
          --bad: #b3261e;
          --bad-soft: #fce8e6;
          --c1: #2f6fe4;
          --c2: #d0342c;
          --c3: #8a93a3;
          --c4: #d38b12;
          --c5: #2a9d62;
          --c6: #d0342c;
          --c7: #8a93a3;
          --c8: #7a55d6;
          --shadow: 0 1px 2px rgb(20 28 45 / 8%), 0 1px 6px rgb(20 28 45 / 5%);
          --radius: 10px;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #12151b;
            --card: #1b1f28;
            --sunken: #232833;
            --line: #333a48;
            --field-line: #78839a;
            --text: #e8ebf1;
            --quiet: #a5aebd;
            --accent: #8db4ff;
            --on-accent: #0d1830;
            --accent-soft: #22304d;
            --good: #7fd6a6;
            --good-soft: #183526;
            --doubt: #f0bd66;
            --doubt-soft: #3b2d12;
            --bad: #ff9d96;
            --bad-soft: #44211f;
            --c1: #6f9ff5;
            --c2: #f0736b;
            --c3: #8791a3;
            --c4: #e3a63e;
            --c5: #4fc18a;
            --c6: #f0736b;
            --c7: #8791a3;
            --c8: #a88bf0;
            --shadow: none;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body {
          margin: 0;
          background: var(--page);
          color: var(--text);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
          font-variant-numeric: tabular-nums;
        }
        h1 { font-size: 1.4rem; line-height: 1.25; margin: 0; letter-spacing: -0.01em; }
        h2 { font-size: 1rem; margin: 0; }
        h3 { font-size: 0.9rem; margin: 0; }
        p { margin: 0; }
        a { color: var(--accent); }
        code, .mono { font-family: ui-monospace, "Cascadia Mono", Menlo, "DejaVu Sans Mono", monospace; font-size: 0.9em; }
        .quiet { color: var(--quiet); }
        .small { font-size: 0.87rem; }
        .skip { position: absolute; left: -999px; top: 4px; padding: 8px 12px; background: var(--card); z-index: 5; }
        .skip:focus { left: 8px; }
        .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
        main:focus { outline: none; }
        [hidden] { display: none !important; }

        .top { display: flex; align-items: center; gap: 12px; padding: 12px 24px; background: var(--card); }
        .top .pill { min-width: 0; overflow: hidden; text-overflow: ellipsis; }
        .top button { flex-shrink: 0; }
        .brand { margin-right: auto; font-size: 1.05rem; white-space: nowrap; }
        .brand span { font-size: 0.8rem; margin-left: 4px; }
        nav {
          display: flex; gap: 4px; padding: 0 16px; background: var(--card); border-bottom: 1px solid var(--line);
          overflow-x: auto; scrollbar-width: thin; position: sticky; top: 0; z-index: 2;
        }
        nav a {
          padding: 10px 10px 9px; color: var(--quiet); text-decoration: none; white-space: nowrap;
          border-bottom: 3px solid transparent;
        }
        nav a:hover { color: var(--text); }
        nav a[aria-current] { color: var(--text); font-weight: 600; border-bottom-color: var(--accent); }
        nav a:focus-visible { outline-offset: -3px; }
        main { max-width: 1240px; margin: 0 auto; padding: 20px 24px 64px; display: grid; gap: 16px; min-width: 0; }
        main > * { min-width: 0; }
        .head { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; justify-content: space-between; }
        .row { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }

        .card {
          background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow);
          padding: 16px; display: grid; gap: 12px; align-content: start; min-width: 0;
        }
        .card > * { min-width: 0; }
        .grid { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); }
        .grid > * { min-width: 0; }
        .tiles { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); }
        .tile {
          background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow);
          padding: 12px 16px; color: inherit; text-decoration: none; display: block;
        }
        a.tile:hover { border-color: var(--accent); }
        .tile .figure { display: block; font-size: 1.7rem; line-height: 1.2; font-weight: 650; letter-spacing: -0.02em; }
        .tile .label { display: block; font-size: 0.85rem; color: var(--quiet); }
        .sum { font-size: 1.25rem; letter-spacing: -0.01em; }
        .thirds { display: grid; gap: 4px 24px; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); align-items: start; }
        .tile.warn .figure { color: var(--doubt); }
        .tile.alarm .figure { color: var(--bad); }
        .banner { border-radius: var(--radius); padding: 12px 16px; border: 1px solid; display: grid; gap: 4px; }
        .banner.good { background: var(--good-soft); border-color: var(--good); }
        .banner.bad { background: var(--bad-soft); border-color: var(--bad); }
        .banner.doubt { background: var(--doubt-soft); border-color: var(--doubt); }
        .banner ul { margin: 4px 0 0; padding-left: 20px; overflow-wrap: anywhere; }

        .pill, .tag {
          display: inline-block; border-radius: 99px; padding: 1px 9px; font-size: 0.82rem; font-weight: 600;
          background: var(--sunken); color: var(--quiet); white-space: nowrap;
        }
        .pill::before { content: ""; display: inline-block; width: 8px; height: 8px; border-radius: 50%; margin-right: 6px;
          background: currentcolor; }
        .good.pill, .good.tag { background: var(--good-soft); color: var(--good); }
        .bad.pill, .bad.tag { background: var(--bad-soft); color: var(--bad); }
        .doubt.pill, .doubt.tag { background: var(--doubt-soft); color: var(--doubt); }
        .busy.tag { background: var(--accent-soft); color: var(--accent); }

        button, .button, input, select {
          font: inherit; border-radius: 7px; border: 1px solid var(--field-line); padding: 6px 12px; min-height: 36px;
          background: var(--card); color: var(--text);
        }
        button { cursor: pointer; font-weight: 550; white-space: nowrap; }
        button:hover:not(:disabled) { border-color: var(--accent); color: var(--accent); }
        button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
        button.main:hover:not(:disabled) { color: var(--on-accent); filter: brightness(1.08); }
        button.danger { color: var(--bad); border-color: var(--bad); }
        button.plain { border-color: transparent; background: transparent; color: var(--accent); }
        button.slim { min-height: 30px; padding: 2px 10px; font-size: 0.87rem; }
        button:disabled { opacity: 0.6; cursor: default; }
        input, select { padding: 6px 10px; width: 100%; min-width: 0; }
        ::placeholder { color: var(--quiet); opacity: 1; }
        input[type="checkbox"] { width: auto; min-height: 0; }
        label { display: grid; gap: 3px; font-size: 0.87rem; color: var(--quiet); min-width: 0; }
        label.check { display: flex; gap: 8px; align-items: center; }
        .fields { display: grid; gap: 10px 12px; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); align-items: end; }
        summary { cursor: pointer; font-size: 0.9rem; color: var(--accent); width: fit-content; }
        details .fields { margin-top: 10px; }
        .sign-in { max-width: 460px; margin: 8vh auto 0; width: 100%; }
        .sign-in form { display: grid; gap: 12px; }
        .error { color: var(--bad); overflow-wrap: anywhere; }

        .scroll { overflow-x: auto; position: relative; }
        table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
        th { text-align: left; font-weight: 600; color: var(--quiet); font-size: 0.82rem; white-space: nowrap; }
        th, td { padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
        tr:last-child td { border-bottom: 0; }
        td { overflow-wrap: anywhere; }
        td.figure, th.figure { text-align: right; white-space: nowrap; }
        td.tight, .tight { white-space: nowrap; }
        td.id { min-width: 150px; max-width: 320px; }
        caption { text-align: left; font-weight: 600; padding-bottom: 6px; }
        .empty { color: var(--quiet); padding: 8px 0; }

        .chart { width: 100%; height: 150px; display: block; overflow: visible; }
        .chart .axis { stroke: var(--line); stroke-width: 1; }
        .chart text { fill: var(--quiet); font-size: 11px; }
        .chart .column:hover { opacity: 0.75; }
        .chart .hit { fill: transparent; }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 14px; font-size: 0.85rem; list-style: none; margin: 0; padding: 0; }
        .swatch { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 5px; }
        .k-accepted { fill: var(--c1); background: var(--c1); }
        .k-failed { fill: var(--c2); background: var(--c2); }
        .k-stopped { fill: var(--c3); background: var(--c3); }
        .k-uncertain { fill: var(--c4); background: var(--c4); }
        .k-delivered { fill: var(--c5); background: var(--c5); }
        .k-undelivered { fill: var(--c6); background: var(--c6); }
        .k-receipt { fill: var(--c7); background: var(--c7); }
        .k-inbound { fill: var(--c8); background: var(--c8); }

        .timeline { list-style: none; margin: 0; padding: 0; display: grid; }
        .timeline li { position: relative; padding: 0 0 14px 26px; display: grid; gap: 1px; }
        .timeline li::before {
          content: ""; position: absolute; left: 4px; top: 6px; width: 11px; height: 11px; border-radius: 50%;
          background: var(--card); border: 3px solid var(--quiet);
        }
        .timeline li::after { content: ""; position: absolute; left: 11px; top: 21px; bottom: -2px; width: 2px; background: var(--line); }
        .timeline li:last-child::after { display: none; }
        .timeline li.good::before { border-color: var(--good); }
        .timeline li.bad::before { border-color: var(--bad); }
        .timeline li.doubt::before { border-color: var(--doubt); }
        .timeline li.busy::before { border-color: var(--accent); }
        .timeline .what { font-weight: 600; }
        .timeline .detail { overflow-wrap: anywhere; }
        dl.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; margin: 0; font-size: 0.92rem; }
        dl.facts dt { color: var(--quiet); }
        dl.facts dd { margin: 0; overflow-wrap: anywhere; }

        .feed { list-style: none; margin: 0; padding: 0; height: 300px; overflow-y: auto; font-size: 0.88rem; }
        .feed li { display: flex; flex-wrap: wrap; gap: 2px 10px; padding: 5px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
        .feed li > :last-child { min-width: 0; }
        .feed .text { flex-basis: 100%; }
        .meter { height: 8px; border-radius: 99px; background: var(--sunken); overflow: hidden; min-width: 90px; display: flex; }
        .meter span { height: 100%; }
        .meter .done { background: var(--good); }
        .meter .bad { background: var(--bad); }
        .meter .doubt { background: var(--doubt); }

        #toasts { position: fixed; right: 16px; bottom: 16px; display: grid; gap: 8px; z-index: 6; max-width: min(420px, calc(100vw - 32px)); }
        .toast { background: var(--text); color: var(--page); border-radius: 8px; padding: 10px 14px; overflow-wrap: anywhere; }
        dialog {
          border: 1px solid var(--line); border-radius: var(--radius); background: var(--card); color: var(--text);
          max-width: min(520px, calc(100vw - 32px)); padding: 20px; overflow-wrap: anywhere;
        }
        dialog::backdrop { background: rgb(10 14 22 / 55%); }
        dialog .body { display: grid; gap: 12px; }
        dialog .row { justify-content: flex-end; }

        @media (max-width: 640px) {
          .top { padding: 8px 6px 4px 14px; gap: 6px; }
          .top button { padding: 6px 8px; }
          nav { padding: 0 6px; }
          main { padding: 14px 12px 48px; }
          .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
          .tile { padding: 10px 12px; }
          .tile .figure { font-size: 1.4rem; }
          /* Each row of a table becomes a block with its columns' names. */
          table.cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          table.cards, table.cards tbody, table.cards tr, table.cards td { display: block; }
          table.cards tr { padding: 8px 0; border-bottom: 1px solid var(--line); }
          table.cards tr:last-child { border-bottom: 0; }
          table.cards td { display: grid; grid-template-columns: 108px minmax(0, 1fr); gap: 8px; border: 0; padding: 2px 0; }
          table.cards td::before { content: attr(data-label); color: var(--quiet); font-size: 0.85rem; }
          table.cards td.figure { text-align: left; }
          table.cards td.tight { white-space: normal; }
          table.cards td.id { max-width: none; }
          table.cards td:empty { display: none; }
          button.slim { min-height: 36px; }
        }
        @media (prefers-reduced-motion: no-preference) {
          .toast { animation: rise 0.18s ease-out; }
          @keyframes rise { from { opacity: 0; transform: translateY(6px); } }
        }
        @media (forced-colors: active) {
          .pill::before, .swatch, .meter span { forced-color-adjust: none; }
        }

        """#
}
