// Written by scripts/embed-page.sh: change Sources/VonageSimulator/Page/assets/index.html instead.

/// `index.html` of the page, as the binary carries it.
enum PageIndexHTML {
    /// The whole file.
    static let text = #"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>Vonage simulator</title>
          <link rel="icon" href="/page/icon.svg" type="image/svg+xml">
          <link rel="stylesheet" href="/page/style.css">
          <script type="module" src="/page/main.js"></script>
        </head>
        <body>
          <a class="skip" href="#traffic">Skip to the messages</a>
          <header>
            <div class="title">
              <h1>Vonage simulator</h1>
              <p id="state" class="state" role="status">connecting</p>
            </div>
            <dl class="figures">
              <div><dt>Messages</dt><dd id="message-count">0</dd></div>
              <div><dt>Requests</dt><dd id="request-count">0</dd></div>
              <div class="rate">
                <dt>A second</dt><dd id="rate">0</dd>
                <svg id="chart" viewBox="0 0 60 20" preserveAspectRatio="none" role="img"
                     aria-label="Requests in each of the last 60 seconds"><path/></svg>
              </div>
            </dl>
          </header>
          <noscript><p class="notice">This page needs JavaScript. Without it, use the API: GET /simulator/messages.</p></noscript>
          <p id="sampling" class="notice" role="status" hidden></p>
          <main>
            <section id="handsets" class="panel" aria-labelledby="handsets-title">
              <h2 id="handsets-title">Phones</h2>
              <form id="open-phone" class="line">
                <label class="hidden" for="handset">Number of a phone</label>
                <input id="handset" type="tel" inputmode="tel" autocomplete="off" placeholder="+1 415 555 0123"
                       aria-describedby="handset-error">
                <button>Open</button>
              </form>
              <p id="handset-error" class="error" role="alert"></p>
              <ul id="phone-list" class="phone-list" aria-label="Phones that were written to or from"></ul>
              <p id="no-phones" class="empty">No phone yet. Send an SMS, or open a number.</p>
            </section>

            <section id="phone" class="phone" aria-labelledby="phone-title">
              <div class="screen">
                <div class="phone-head">
                  <span class="avatar" aria-hidden="true"></span>
                  <h2 id="phone-title">No phone open</h2>
                  <p id="phone-note"></p>
                </div>
                <ol id="thread" class="thread" role="log" aria-label="Thread of this phone" tabindex="0"></ol>
                <form id="answer" class="answer">
                  <div class="line">
                    <label for="answer-to">To</label>
                    <input id="answer-to" type="tel" inputmode="tel" autocomplete="off" placeholder="your number">
                  </div>
                  <div class="line chips" role="group" aria-label="Quick answers">
                    <button type="button" class="chip" data-text="STOP">STOP</button>
                    <button type="button" class="chip" data-text="HELP">HELP</button>
                    <button type="button" class="chip" data-text="START">START</button>
                  </div>
                  <div class="line">
                    <label class="hidden" for="answer-text">Answer</label>
                    <textarea id="answer-text" rows="1" maxlength="3200" placeholder="Text message"
                              aria-describedby="answer-error"></textarea>
                    <button class="primary">Send</button>
                  </div>
                  <p id="answer-error" class="error" role="alert"></p>
                </form>
              </div>
            </section>

            <section id="traffic" class="panel" aria-labelledby="traffic-title" tabindex="-1">
              <div class="head">
                <h2 id="traffic-title">Messages</h2>
                <div class="line">
                  <label class="hidden" for="search">Search numbers, texts and ids</label>
                  <input id="search" type="search" autocomplete="off" placeholder="Search numbers, texts, ids">
                  <button id="pause" type="button" aria-pressed="false">Pause</button>
                  <button id="clear" type="button">Clear</button>
                </div>
              </div>
              <p id="traffic-note" class="note" role="status"></p>
              <ol id="traffic-list" class="traffic-list" aria-label="Requests to send, the latest first"></ol>
              <div id="no-traffic" class="empty">
                <p>Nothing was sent yet. Point the service here with <code>VONAGE_API_URL</code>, or try:</p>
                <pre id="example" tabindex="0" aria-label="An example with curl"></pre>
              </div>
            </section>

            <section id="faults" class="panel" aria-labelledby="faults-title">
              <div class="head">
                <h2 id="faults-title">Faults</h2>
                <button id="no-faults" type="button">All off</button>
              </div>
              <p id="faults-error" class="error" role="alert"></p>
              <ul id="fault-list" class="fault-list"></ul>
              <h3 id="rules-title">Rules in force</h3>
              <p class="note">The first one that fits, with times left, wins.</p>
              <ol id="rules" class="rules" aria-labelledby="rules-title"></ol>
              <details>
                <summary>Write rules as JSON</summary>
                <form id="rules-form">
                  <label class="hidden" for="rules-json">Rules as JSON</label>
                  <textarea id="rules-json" rows="6" spellcheck="false"></textarea>
                  <button>Apply</button>
                </form>
              </details>
            </section>
          </main>
        </body>
        </html>

        """#
}
