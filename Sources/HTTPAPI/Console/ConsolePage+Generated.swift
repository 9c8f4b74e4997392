// Written by scripts/embed-contracts.sh: change Sources/HTTPAPI/Console/Page/console.html instead.

/// Sources/HTTPAPI/Console/Page/console.html, as the binary carries it.
enum ConsolePage {
    /// The whole document.
    static let text = #"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        <title>sms-bridge</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="console/console.css">
        <script type="module" src="console/main.js"></script>
        </head>
        <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
          <p class="brand"><strong>sms-bridge</strong> <span id="version" class="quiet"></span></p>
          <p id="pill" class="pill" role="status" hidden></p>
          <button id="sign-out" type="button" class="plain" hidden>Sign out</button>
        </header>
        <nav id="nav" aria-label="Sections" hidden>
          <a href="#/overview">Overview</a>
          <a href="#/messages">Messages</a>
          <a href="#/campaigns">Campaigns</a>
          <a href="#/dead-letters">Dead letters</a>
          <a href="#/opt-outs">Opt-outs</a>
          <a href="#/configuration">Configuration</a>
        </nav>
        <main id="main" tabindex="-1">
          <noscript><p>This page needs JavaScript. The same figures are at <code>GET /overview</code>.</p></noscript>
        </main>
        <div id="toasts" role="status" aria-live="polite"></div>
        <dialog id="dialog" aria-labelledby="dialog-title"></dialog>
        </body>
        </html>

        """#
}
