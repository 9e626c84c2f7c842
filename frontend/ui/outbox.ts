import { drop, type Kept, me, mine, put } from "./kept";

const EVERY = 30_000;
const PATIENCE = 20_000;

/** How a sending ended: saved (and where to go), to try later, to sign in first, or to be looked at by her. */
export type Sent = { end: "saved"; url: string } | { end: "later" | "sign-in" | "look" };

/**
 * Send a note. Sent twice, it is saved once: its key says so to the server.
 *
 * The page may be hours old and its token with it: a refusal for that is answered by asking for a fresh one.
 */
export async function send(note: Kept, token = pageToken(), again = true): Promise<Sent> {
  try {
    const body = new URLSearchParams(note.values);
    body.set("csrfmiddlewaretoken", token);
    const answer = await fetch(note.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.redirected) {
      return { end: "sign-in" };
    }
    if (answer.ok) {
      return { end: "saved", url: ((await answer.json()) as { url: string }).url };
    }
    if (answer.status === 403 && again) {
      const fresh = await freshToken(note.action);
      return fresh ? send(note, fresh, false) : { end: "sign-in" };
    }
    return { end: answer.status >= 500 || answer.status === 429 ? "later" : "look" };
  } catch {
    return { end: "later" };
  }
}

function pageToken(): string {
  const headers = document.body.getAttribute("hx-headers");
  return headers ? ((JSON.parse(headers) as Record<string, string>)["X-CSRFToken"] ?? "") : "";
}

async function freshToken(address: string): Promise<string | undefined> {
  const answer = await fetch(address, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // Another account may have signed in meanwhile: her note is not ours to send.
  if (answer.redirected || page.body.dataset.user !== me()) {
    return undefined;
  }
  return page.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value;
}

/** `[data-outbox]`: says what waits on this phone, and sends it: on load, when the network is back, by the clock. */
export function outbox(): void {
  const strip = document.querySelector<HTMLElement>("[data-outbox]");
  if (!strip || !me() || !("indexedDB" in window)) {
    return;
  }
  const flush = () => void navigator.locks.request("citeslab-outbox", { ifAvailable: true }, (lock) => lock && empty(strip));
  flush();
  window.addEventListener("online", flush);
  window.addEventListener("citeslab:kept", () => void mine().then((notes) => say(strip, notes, false)));
  window.setInterval(flush, EVERY);
}

async function empty(strip: HTMLElement): Promise<void> {
  let left = false;
  for (const note of await mine()) {
    if (note.state !== "waiting") {
      continue;
    }
    const { end } = await send(note);
    if (end === "saved") {
      await drop(note.key);
      left = true;
    } else if (end === "look") {
      await put({ ...note, state: "look" });
    }
  }
  if (left) {
    window.dispatchEvent(new Event("citeslab:sent"));
  }
  say(strip, await mine(), left);
}

function say(strip: HTMLElement, notes: Kept[], left: boolean): void {
  const said = strip.querySelector<HTMLElement>("[data-outbox-said]");
  const link = strip.querySelector<HTMLAnchorElement>("[data-outbox-look]");
  const look = notes.find((note) => note.state === "look");
  const waiting = notes.filter((note) => note.state === "waiting").length;
  if (!said || !link) {
    return;
  }
  link.hidden = !look;
  if (look) {
    link.href = look.action;
  }
  const words = strip.dataset;
  const many = (words.waitingMany ?? "").replace("{count}", String(waiting));
  said.textContent = (look ? words.look : waiting > 1 ? many : waiting ? words.waiting : left ? words.sent : "") ?? "";
  strip.hidden = !said.textContent;
}
