// The service's API. The key is kept here, in the memory of this tab, and nowhere else.

const root = new URL("..", import.meta.url);
let key = null;

export class APIError extends Error {
  constructor(status, problem) {
    const parts = (problem?.problems ?? []).map((one) => `${one.field}: ${one.problem}`);
    super([problem?.error ?? `The service answered ${status}.`, ...parts].join(" "));
    this.status = status;
  }
}

export function signIn(newKey) { key = newKey; }

export function signOut() {
  key = null;
  window.dispatchEvent(new Event("signed-out"));
}

async function request(method, path, { body, signal } = {}) {
  const headers = {};
  if (key) headers.Authorization = `Bearer ${key}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(new URL(path, root), {
      method, headers, signal, credentials: "omit", cache: "no-store", redirect: "error",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new APIError(0, { error: "The service cannot be reached." });
  }
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => null);
  const error = new APIError(answer.status, problem);
  if (answer.status === 401 && key) window.dispatchEvent(new Event("refused"));
  throw error;
}

/** The answer's JSON; null where there is none. */
export async function call(method, path, body, signal) {
  const answer = await request(method, path, { body, signal });
  return answer.status === 204 ? null : answer.json();
}

export const get = (path, signal) => call("GET", path, undefined, signal);

/** A path of words that may hold anything. */
export function path(...words) { return words.map(encodeURIComponent).join("/"); }

/** A query without what is empty; a blank is %20, for the service takes a plus as it stands. */
export function query(values) {
  const pairs = Object.entries(values).filter(([, value]) => value)
    .map((pair) => pair.map(encodeURIComponent).join("="));
  return pairs.length ? `?${pairs.join("&")}` : "";
}

/** Follows the events: calls back with a kind and its data, until the signal; comes again when a stream ends. */
export async function follow(signal, onEvent, onState) {
  while (!signal.aborted) {
    try {
      const answer = await request("GET", "events", { signal });
      onState(true);
      let rest = "";
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        rest += value;
        const frames = rest.split("\n\n");
        rest = frames.pop();
        for (const frame of frames) deliver(frame, onEvent);
      }
    } catch (error) {
      if (signal.aborted || error.status === 401) return;
    }
    onState(false);
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

function deliver(frame, onEvent) {
  let kind = "message";
  let data = "";
  for (const line of frame.split("\n")) {
    if (line.startsWith("event: ")) kind = line.slice(7);
    else if (line.startsWith("data: ")) data += line.slice(6);
  }
  if (!data) return;
  try { onEvent(kind, JSON.parse(data)); } catch { /* What is no JSON is no event of ours. */ }
}
