import { pad } from "./pad";

/**
 * `<form data-scan>`: I am here, and I sign. Without network it is kept on this phone and leaves by itself; sent twice,
 * it is noted once, for its key says so.
 */
interface Kept {
  key: string;
  url: string;
  body: string;
  at: number;
}

const STORE = "citeslab.scan";
const EVERY = 20_000;
const KEPT_FOR = 12 * 3_600_000; // as long as a code is believed

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-scan]")) {
  set(form);
}
void flush();
window.addEventListener("online", () => void flush());
window.setInterval(() => void flush(), EVERY);

function set(form: HTMLFormElement): void {
  const box = form.querySelector<HTMLElement>("[data-pad]");
  const drawn = form.elements.namedItem("strokes") as HTMLInputElement | null;
  if (box && drawn) {
    for (const one of box.querySelectorAll<HTMLElement>("[data-pad-box], [data-pad-title]")) {
      one.hidden = false;
    }
    drawn.value = ""; // what the server gave back cannot be seen: it is drawn again
    pad(box, (strokes) => {
      drawn.value = strokes.length ? JSON.stringify(strokes) : "";
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(form);
  });
}

async function send(form: HTMLFormElement): Promise<void> {
  const buttons = form.querySelectorAll("button");
  buttons.forEach((button) => (button.disabled = true));
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  const one: Kept = {
    key: new Map(fields as [string, string][]).get("key") ?? "",
    url: window.location.href,
    body: new URLSearchParams(fields).toString(),
    at: Date.now(),
  };
  const answer = await post(one);
  if (answer === "later") {
    if (keep([...kept().filter((other) => other.key !== one.key), one])) {
      document.querySelector<HTMLElement>("[data-scan-kept]")!.hidden = false;
      document.querySelector<HTMLElement>("[data-scan-kept]")!.scrollIntoView({ block: "center" });
      for (const other of document.querySelectorAll<HTMLFormElement>("form[data-scan]")) {
        other.inert = true;
      }
    } else {
      form.submit(); // nothing can be kept here: the browser says that there is no network
    }
    return;
  }
  await show(answer);
  buttons.forEach((button) => (button.disabled = false));
}

async function post(one: Kept): Promise<Response | "later"> {
  const stop = new AbortController();
  const patience = window.setTimeout(() => stop.abort(), 20_000);
  try {
    const answer = await fetch(one.url, {
      method: "POST",
      body: one.body,
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      credentials: "same-origin",
      signal: stop.signal,
    });
    return answer.status >= 500 ? "later" : answer;
  } catch {
    return "later";
  } finally {
    window.clearTimeout(patience);
  }
}

/** The page that the browser would have shown. */
async function show(answer: Response): Promise<void> {
  if (answer.redirected) {
    window.location.assign(answer.url);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const main = page.querySelector("main");
  if (main) {
    document.title = page.title;
    document.querySelector("main")?.replaceWith(main);
    document.querySelectorAll<HTMLFormElement>("form[data-scan]").forEach(set);
    main.focus();
    window.scrollTo(0, 0);
  }
}

let isSending = false;

async function flush(): Promise<void> {
  if (isSending) {
    return;
  }
  isSending = true;
  for (const one of kept()) {
    const answer = one.at > Date.now() - KEPT_FOR ? await post(one) : undefined;
    if (answer === "later") {
      break;
    }
    keep(kept().filter((other) => other.key !== one.key));
    const isHere = document.querySelector<HTMLInputElement>("form[data-scan] input[name=key]")?.value === one.key;
    if (answer && isHere) {
      await show(answer);
    }
  }
  isSending = false;
}

function kept(): Kept[] {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "[]") as Kept[];
  } catch {
    return [];
  }
}

function keep(all: Kept[]): boolean {
  try {
    if (all.length) {
      localStorage.setItem(STORE, JSON.stringify(all));
    } else {
      localStorage.removeItem(STORE);
    }
    return true;
  } catch {
    return false;
  }
}
