// The page's frame: signing in, the sections, and whether the service is well.

import { APIError, get, signIn, signOut } from "./api.js";
import { h, replace } from "./dom.js";
import { campaigns } from "./campaigns.js";
import { deadLetters } from "./deadletters.js";
import { configuration, optOuts } from "./lists.js";
import { messages } from "./messages.js";
import { overview } from "./overview.js";

const views = { overview, messages, campaigns, "dead-letters": deadLetters, "opt-outs": optOuts, configuration };
const main = document.getElementById("main");
const nav = document.getElementById("nav");
const pill = document.getElementById("pill");
const signOutButton = document.getElementById("sign-out");

let leaving = new AbortController();
let isIn = false;

/** The section and its words: `#/messages/order-1?to=…`. */
function place() {
  const [path, parameters] = location.hash.replace(/^#\//, "").split("?");
  const [name, ...words] = path.split("/").map((word) => {
    try { return decodeURIComponent(word); } catch { return word; }
  });
  return { name: views[name] ? name : "overview", words, parameters: new URLSearchParams(parameters ?? "") };
}

function show({ movesFocus = true } = {}) {
  if (!isIn) return;
  leaving.abort();
  leaving = new AbortController();
  const { name, words, parameters } = place();
  for (const link of nav.querySelectorAll("a")) {
    if (link.getAttribute("href") === `#/${name}`) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else {
      link.removeAttribute("aria-current");
    }
  }
  replace(main);
  document.title = `${views[name].title} · sms-bridge`;
  views[name].render(main, { words, parameters, signal: leaving.signal });
  if (movesFocus) main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** What every section shares: health in the head of the page, asked for while the page is visible. */
function showHealth(figures) {
  const failing = figures.health.dependencies.filter((one) => !one.ok);
  const isWell = failing.length === 0;
  pill.hidden = false;
  const text = isWell ? "Well" : `Not ready: ${failing.map((one) => one.name).join(", ")}`;
  if (pill.textContent !== text) pill.textContent = text;
  pill.className = `pill ${isWell ? "good" : "bad"}`;
  document.getElementById("version").textContent = figures.version;
}

async function watch() {
  for (;;) {
    if (isIn && document.visibilityState === "visible") {
      try {
        const figures = await get("overview");
        if (isIn) {
          showHealth(figures);
          window.dispatchEvent(new CustomEvent("overview", { detail: figures }));
        }
      } catch (error) {
        if (isIn && error.status === 0) {
          pill.hidden = false;
          pill.textContent = error.message;
          pill.className = "pill bad";
        }
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

function enter(figures) {
  isIn = true;
  nav.hidden = false;
  signOutButton.hidden = false;
  showHealth(figures);
  show();
  window.dispatchEvent(new CustomEvent("overview", { detail: figures }));
}

function askForKey(reason) {
  isIn = false;
  leaving.abort();
  nav.hidden = true;
  pill.hidden = true;
  signOutButton.hidden = true;
  document.getElementById("version").textContent = "";
  document.title = "Sign in · sms-bridge";
  const field = h("input", {
    id: "key", type: "password", autocomplete: "off", spellcheck: "false", required: true,
    "aria-describedby": "key-note key-error",
  });
  const error = h("p", { id: "key-error", class: "error", role: "alert" }, reason ?? "");
  const button = h("button", { class: "main" }, "Sign in");
  const form = h("form", {
    onsubmit: async (event) => {
      event.preventDefault();
      error.textContent = "";
      button.disabled = true;
      signIn(field.value);
      try {
        enter(await get("overview"));
      } catch (problem) {
        signIn(null);
        error.textContent = problem instanceof APIError && problem.status === 401
          ? "This key is not one of API_KEYS." : problem.message;
        field.select();
        field.focus();
      } finally {
        button.disabled = false;
      }
    },
  },
  h("h1", {}, "Sign in"),
  h("label", { for: "key" }, "API key", field),
  h("p", { id: "key-note", class: "quiet small" },
    "One of API_KEYS. It stays in the memory of this tab, and is gone when the tab is closed or loaded again."),
  error,
  button);
  replace(main, h("section", { class: "card sign-in", "aria-label": "Sign in" }, form));
  field.focus();
}

// The address is the section's; the link leads there without changing it.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
window.addEventListener("hashchange", () => show());
window.addEventListener("signed-out", () => askForKey(""));
// A key that was taken back while the page was open.
window.addEventListener("refused", () => { if (isIn) signOut(); });
signOutButton.addEventListener("click", () => signOut());

try {
  // Without keys, and with API_LOOPBACK, the API answers a page on this host.
  enter(await get("overview"));
} catch (error) {
  askForKey(error.status === 401 ? "" : error.message);
}
watch();
