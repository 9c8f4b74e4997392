// Written by scripts/embed-page.sh: change Sources/VonageSimulator/Page/assets/style.css instead.

/// `style.css` of the page, as the binary carries it.
enum PageStyleCSS {
    /// The whole file.
    static let text = #"""
        :root {
          color-scheme: light dark;
          --back: #f3f4f6;
          --panel: #ffffff;
          --sunk: #f0f2f5;
          --text: #1a1e24;
          --muted: #57606c;
          --line: #d9dee5;
          --edge: #7b8491;
          --accent: #1f5fd0;
          --on-accent: #ffffff;
          --accent-soft: #e6eefc;
          --good: #17692f;
          --good-soft: #e2f4e7;
          --bad: #ac1f15;
          --bad-soft: #fcebe9;
          --wait: #7a4f00;
          --wait-soft: #fdf1d8;
          --frame: #1c2026;
          --shadow: 0 1px 2px rgb(16 24 40 / 6%), 0 4px 16px rgb(16 24 40 / 6%);
          --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
        }

        @media (prefers-color-scheme: dark) {
          :root {
            --back: #0e1116;
            --panel: #171b21;
            --sunk: #20262e;
            --text: #e7eaef;
            --muted: #a0aab7;
            --line: #2b323c;
            --edge: #7c8897;
            --accent: #8ab4ff;
            --on-accent: #0a1c3c;
            --accent-soft: #1b2c4b;
            --good: #7ad896;
            --good-soft: #14301d;
            --bad: #ff9a90;
            --bad-soft: #3a1a17;
            --wait: #f0c060;
            --wait-soft: #352708;
            --frame: #000000;
            --shadow: 0 0 0 1px #2b323c;
          }
        }

        * { box-sizing: border-box; }

        [hidden] { display: none !important; }

        body {
          margin: 0;
          background: var(--back);
          color: var(--text);
          font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
          -webkit-text-size-adjust: 100%;
        }

        h1, h2, h3, p, ul, ol, dl, dd, pre { margin: 0; padding: 0; }
        ul, ol { list-style: none; }
        h1 { font-size: 1.15rem; letter-spacing: -.01em; }
        h2 { font-size: 1rem; }
        h3 { font-size: .875rem; }

        .hidden, .skip:not(:focus) {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
          white-space: nowrap;
        }

        .skip:focus {
          position: absolute;
          z-index: 2;
          padding: .5rem 1rem;
          background: var(--panel);
          color: var(--accent);
        }

        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 6px; }
        #traffic:focus { outline: none; }

        /* Controls */

        button, input, select, textarea { font: inherit; color: inherit; }

        button {
          padding: .35rem .8rem;
          border: 1px solid var(--edge);
          border-radius: 8px;
          background: var(--panel);
          cursor: pointer;
        }

        button:hover:not(:disabled) { background: var(--sunk); }
        button.primary, button[aria-pressed="true"] { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
        button.primary:hover:not(:disabled) { background: var(--accent); filter: brightness(1.08); }
        button:disabled { cursor: not-allowed; opacity: .55; }

        input:not([type="checkbox"]), select, textarea {
          min-width: 0;
          width: 100%;
          padding: .35rem .6rem;
          border: 1px solid var(--edge);
          border-radius: 8px;
          background: var(--panel);
        }

        input::placeholder, textarea::placeholder { color: var(--muted); opacity: 1; }
        [aria-invalid="true"] { border-color: var(--bad) !important; }
        summary { cursor: pointer; color: var(--muted); font-size: .8125rem; }
        .line { display: flex; gap: .5rem; align-items: center; }
        .line > button { flex: none; }

        [role="switch"] {
          appearance: none;
          flex: none;
          position: relative;
          width: 2.25rem;
          height: 1.3rem;
          margin: 0;
          border: 1px solid var(--edge);
          border-radius: 1rem;
          background: var(--sunk);
          cursor: pointer;
        }

        [role="switch"]::after {
          content: "";
          position: absolute;
          inset: 2px auto 2px 2px;
          width: calc(1.3rem - 6px);
          border-radius: 50%;
          background: var(--edge);
          transition: translate .15s;
        }

        [role="switch"]:checked { border-color: var(--accent); background: var(--accent); }
        [role="switch"]:checked::after { translate: .95rem 0; background: var(--on-accent); }

        .badge { padding: .05rem .5rem; border-radius: 1rem; background: var(--sunk); color: var(--text); font-size: .75rem; font-weight: 600; }
        .badge.good { background: var(--good-soft); color: var(--good); }
        .badge.bad { background: var(--bad-soft); color: var(--bad); }
        .badge.wait, .badge.fault { background: var(--wait-soft); color: var(--wait); }
        .badge.open { background: var(--accent-soft); color: var(--text); }

        .note, .empty { color: var(--muted); font-size: .8125rem; }
        .error { color: var(--bad); font-size: .8125rem; }
        .error:empty, .note:empty { display: none; }

        pre {
          margin-top: .5rem;
          padding: .6rem .75rem;
          overflow: auto;
          border-radius: 8px;
          background: var(--sunk);
          color: var(--text);
          font: .75rem/1.5 var(--mono);
          text-align: left;
        }

        code { font-family: var(--mono); font-size: .75rem; overflow-wrap: anywhere; }
        time { font-variant-numeric: tabular-nums; white-space: nowrap; }

        /* The frame of the page */

        header {
          display: flex;
          flex-wrap: wrap;
          gap: .5rem 2rem;
          align-items: center;
          justify-content: space-between;
          padding: .7rem 1.25rem;
          border-bottom: 1px solid var(--line);
          background: var(--panel);
        }

        .title { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; }
        .state { display: flex; gap: .4rem; align-items: center; color: var(--muted); font-size: .8125rem; }
        .state::before { content: ""; width: .55rem; height: .55rem; border-radius: 50%; background: var(--wait); }
        .state.live::before { background: var(--good); }
        .figures { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; }
        .figures > div { display: flex; gap: .4rem; align-items: baseline; }
        .figures dt { color: var(--muted); font-size: .8125rem; }
        .figures dd { font-weight: 600; font-variant-numeric: tabular-nums; }
        .figures svg { width: 120px; height: 20px; align-self: center; border-bottom: 1px solid var(--line); }
        .figures path { fill: var(--accent); }

        .notice { margin: .75rem 1.25rem 0; padding: .5rem .9rem; border-radius: 10px; background: var(--wait-soft); color: var(--wait); font-size: .875rem; }

        main { display: grid; gap: 1.25rem; padding: 1.25rem; max-width: 1760px; margin: 0 auto; }
        main > * { min-width: 0; }

        .panel { padding: 1rem; border-radius: 16px; background: var(--panel); box-shadow: var(--shadow); }
        .head { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; margin-bottom: .5rem; }
        .head .line { flex: 0 1 26rem; min-width: 0; }

        /* Phones */

        #open-phone { margin: .6rem 0 .4rem; }
        .phone-list { max-height: 17rem; overflow: auto; margin: 0 -.5rem; }
        .phone-list button {
          display: grid;
          grid-template: "avatar number time" auto "avatar text unread" auto / auto 1fr auto;
          gap: 0 .65rem;
          align-items: center;
          width: 100%;
          padding: .5rem;
          border: 0;
          border-radius: 10px;
          background: none;
          text-align: start;
        }

        .phone-list button:focus-visible { outline-offset: -3px; }
        .phone-list button:hover { background: var(--sunk); }
        .phone-list [aria-current] { background: var(--accent-soft); }
        .phone-list .avatar { grid-area: avatar; }
        .phone-number { grid-area: number; overflow: hidden; font-weight: 600; font-variant-numeric: tabular-nums; text-overflow: ellipsis; }
        .phone-time { grid-area: time; color: var(--muted); font-size: .75rem; }
        .phone-text { grid-area: text; overflow: hidden; color: var(--muted); font-size: .8125rem; text-overflow: ellipsis; unicode-bidi: isolate; white-space: nowrap; }
        .phone-list [aria-current] :is(.phone-text, .phone-time) { color: var(--text); }
        .unread { grid-area: unread; justify-self: end; min-width: 1.25rem; padding: 0 .35rem; border-radius: 1rem; background: var(--accent); color: var(--on-accent); font-size: .75rem; font-weight: 600; text-align: center; }

        .avatar { display: grid; flex: none; place-items: center; width: 2.25rem; height: 2.25rem; border-radius: 50%; background: #5b6573; color: #fff; font-size: .8125rem; font-weight: 600; }
        .avatar:empty { visibility: hidden; }
        .tone-0 { background: #2f6f8f; }
        .tone-1 { background: #7a4fb5; }
        .tone-2 { background: #a8452f; }
        .tone-3 { background: #2e7448; }
        .tone-4 { background: #9a3a74; }
        .tone-5 { background: #4d62b8; }

        .phone { width: 100%; max-width: 400px; margin: 0 auto; }
        .screen {
          display: flex;
          flex-direction: column;
          height: 640px;
          overflow: hidden;
          border: 9px solid var(--frame);
          border-radius: 44px;
          background: var(--panel);
          box-shadow: 0 12px 32px rgb(16 24 40 / 18%), 0 0 0 1px var(--line);
        }

        .phone-head { display: flex; flex-direction: column; gap: .15rem; align-items: center; padding: 1rem 1rem .6rem; border-bottom: 1px solid var(--line); text-align: center; }
        .phone-head p { color: var(--muted); font-size: .75rem; }
        .phone-head p:empty { display: none; }

        .thread { flex: 1; display: flex; flex-direction: column; gap: .6rem; padding: .9rem .8rem; overflow: auto; overscroll-behavior: contain; }
        .thread:focus-visible { outline-offset: -4px; }
        .bubble { display: flex; flex: none; flex-direction: column; align-items: flex-start; }
        .bubble.out { align-items: flex-end; }
        .bubble:first-child { margin-top: auto; }
        .bubble-text {
          max-width: 86%;
          max-height: 18rem;
          padding: .5rem .8rem;
          overflow: auto;
          border-radius: 18px 18px 18px 5px;
          background: var(--sunk);
          overflow-wrap: anywhere;
          unicode-bidi: isolate;
          white-space: pre-wrap;
        }

        .bubble.out .bubble-text { border-radius: 18px 18px 5px 18px; background: var(--accent); color: var(--on-accent); }
        .bubble-meta { padding: .15rem .5rem 0; color: var(--muted); font-size: .6875rem; }
        .bubble.out .bubble-meta { text-align: end; }

        .answer { display: grid; gap: .5rem; padding: .65rem .8rem 1rem; border-top: 1px solid var(--line); }
        .answer label { color: var(--muted); font-size: .8125rem; }
        .answer .chips { justify-content: flex-end; }
        #answer-to { padding: .15rem .5rem; font-size: .8125rem; }
        .answer .primary, .answer textarea { border-radius: 1.2rem; }
        .answer textarea { resize: none; field-sizing: content; max-height: 6rem; }
        .chip { padding: .2rem .6rem; border-radius: 1rem; font-size: .75rem; font-weight: 600; }

        /* Messages */

        .traffic-list { display: grid; grid-template-columns: minmax(0, 1fr); }
        .sms { padding: .65rem 0; border-top: 1px solid var(--line); contain-intrinsic-size: auto 90px; content-visibility: auto; }
        .sms-head { display: flex; flex-wrap: wrap; gap: 0 .6rem; align-items: baseline; padding: 2px; }
        .number { font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        button.number { padding: 0; border: 0; background: none; color: var(--accent); }
        button.number:hover { background: none; text-decoration: underline; }
        .from { color: var(--muted); font-size: .8125rem; overflow-wrap: anywhere; }
        .sms-head time { margin-inline-start: auto; color: var(--muted); font-size: .8125rem; }
        .sms-text {
          display: -webkit-box;
          margin: .1rem 2px .3rem;
          overflow: hidden;
          overflow-wrap: anywhere;
          unicode-bidi: isolate;
          white-space: pre-wrap;
          -webkit-box-orient: vertical;
          -webkit-line-clamp: 3;
        }

        .sms.open .sms-text { display: block; }
        .sms-text.none { color: var(--muted); font-style: italic; }
        .facts { display: flex; flex-wrap: wrap; gap: .25rem .7rem; align-items: center; color: var(--muted); font-size: .8125rem; }
        .sms details { margin-top: .25rem; }
        .sms summary { width: fit-content; }
        .ids { display: grid; gap: .1rem; padding: .35rem 0 .35rem .9rem; font-size: .8125rem; }
        .ids div { display: flex; flex-wrap: wrap; gap: 0 .6rem; }
        .ids dt { min-width: 6.5rem; color: var(--muted); }
        .ids dd { font-family: var(--mono); font-size: .75rem; line-height: 1.6; overflow-wrap: anywhere; }
        .attempts { display: grid; gap: .15rem; padding: .35rem .9rem; border-inline-start: 2px solid var(--line); font-size: .8125rem; }
        .attempts time { color: var(--muted); }
        #no-traffic { padding: 1.5rem 0; text-align: center; }

        /* Faults */

        .switch { padding: .4rem 0; border-top: 1px solid var(--line); }
        .switch:first-child { border-top: 0; }
        .switch-head { display: flex; gap: .6rem; align-items: center; }
        .switch-head label { flex: 1; cursor: pointer; }
        .left { color: var(--wait); font-size: .75rem; font-weight: 600; }
        .switch details { padding-inline-start: 2.85rem; }
        .fields { display: grid; gap: .4rem; padding: .4rem 0; }
        .field { display: grid; gap: .1rem; }
        .field label { color: var(--muted); font-size: .75rem; }
        #rules-title { margin-top: .9rem; }
        .rules { display: grid; gap: .35rem; margin: .35rem 0 .75rem; }
        .rules li:not(.note) { display: flex; flex-wrap: wrap; gap: .35rem .6rem; align-items: center; justify-content: space-between; padding: .4rem .6rem; border-radius: 8px; background: var(--sunk); }
        .rules code { flex: 1 1 8rem; }
        .rules button { padding: .1rem .5rem; font-size: .75rem; }
        #rules-form { display: grid; gap: .5rem; justify-items: start; margin-top: .4rem; }
        #rules-form textarea { font: .75rem/1.5 var(--mono); }

        /* Two columns, then three, which then scroll each by themselves */

        @media (min-width: 760px) {
          main { grid-template: "handsets phone" auto "faults phone" 1fr "traffic traffic" auto / minmax(0, 1fr) 400px; align-items: start; }
          #handsets { grid-area: handsets; }
          #phone { grid-area: phone; }
          #traffic { grid-area: traffic; }
          #faults { grid-area: faults; }
        }

        @media (min-width: 1180px) {
          main { grid-template: "handsets phone traffic" auto "faults phone traffic" minmax(0, 1fr) / 320px 390px minmax(0, 1fr); }
        }

        @media (min-width: 1180px) and (min-height: 600px) {
          body { display: flex; flex-direction: column; height: 100dvh; }
          main { flex: 1; width: 100%; min-height: 0; align-items: stretch; }
          .screen { height: 100%; max-height: 780px; }
          #traffic, #faults { overflow: auto; }
          #traffic .head { position: sticky; top: -1rem; z-index: 1; margin: -1rem -1rem 0; padding: 1rem 1rem .5rem; background: var(--panel); }
        }

        @media (max-width: 480px) {
          main { gap: 1rem; padding: .75rem; }
          header { padding: .7rem .75rem; }
          .head .line { flex-basis: 100%; }
          .chip { padding: .2rem .45rem; }
        }

        @media (prefers-reduced-motion: reduce) {
          * { transition: none !important; scroll-behavior: auto !important; }
        }

        """#
}
