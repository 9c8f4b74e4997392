// Small helpers. Text from outside goes into the page by `textContent` alone, here and everywhere.

export const byId = (id) => document.getElementById(id);

/** Makes an element: attributes by name (`class`, `title`, …; null leaves one out), children are nodes or texts. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Sets an element's text, and touches nothing when it has that text already. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const shortClock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });
const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dayAndClock = new Intl.DateTimeFormat([], { dateStyle: "medium", timeStyle: "medium" });

/** A time in the reader's zone, with the day where it is not today; in UTC as its title. A short one has no seconds. */
export function time(iso, isShort = false) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return make("time", {}, "");
  const isToday = date.toDateString() === new Date().toDateString();
  const text = (isToday ? (isShort ? shortClock : clock) : dayAndClock).format(date);
  return make("time", { datetime: iso, title: `${iso.replace("T", " ").replace("Z", "")} UTC` }, text);
}

/** A text of any content, set apart from what is around it: its direction is its own. */
export const foreign = (name, text, attributes = {}) => make(name, { dir: "auto", ...attributes }, text);

/** A number of a phone, or a sender's name, as it is read best. */
export const number = (digits) => (/^[0-9]{7,15}$/.test(digits) ? `+${digits}` : digits);

const plain = new Intl.NumberFormat();
export const count = (value, one, many) => `${plain.format(value)} ${value === 1 ? one : many}`;
export const figure = (value) => plain.format(value);

/**
 * Draws at most once a frame, however often it is asked to, and rests four times as long as a frame has taken, layout and
 * all: whatever arrives, most of the time is left for who uses the page.
 */
export function oncePerFrame(draw) {
  let isAsked = false;
  let restsUntil = 0;
  const run = () => {
    const begun = performance.now();
    isAsked = false;
    draw();
    // Comes after the frame.
    setTimeout(() => {
      const now = performance.now();
      restsUntil = now + Math.min(4 * (now - begun), 2000);
    });
  };
  return () => {
    if (isAsked) return;
    isAsked = true;
    const rest = restsUntil - performance.now();
    if (rest > 0) setTimeout(() => requestAnimationFrame(run), rest);
    else requestAnimationFrame(run);
  };
}

/** Asks the simulator; throws an error with what it says is wrong. */
export async function ask(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
    });
  } catch {
    throw new Error("The simulator does not answer.");
  }
  const text = await response.text();
  let json = null;
  try {
    json = text === "" ? null : JSON.parse(text);
  } catch {
    // What is not JSON is shown by its status.
  }
  if (!response.ok) throw new Error(json?.detail ?? `The simulator answered ${response.status}.`);
  return json;
}

/**
 * Brings a list's items into line with `values`, in their order; an item that stays keeps its place, focus and state.
 * `rows` is the list's own map of items by key; `build` makes an item, `update` fills one that is new or has changed.
 */
export function syncList(list, rows, values, { key, build, update, isChanged }) {
  const wanted = new Set(values.map(key));
  for (const [name, row] of rows) {
    if (wanted.has(name)) continue;
    row.remove();
    rows.delete(name);
  }
  values.forEach((value, index) => {
    const name = key(value);
    let row = rows.get(name);
    if (!row) {
      row = build(value);
      rows.set(name, row);
      update(row, value);
    } else if (isChanged(value)) {
      update(row, value);
    }
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
  });
}
