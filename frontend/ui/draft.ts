import { drop, type Kept, me, mine, put } from "./kept";
import { send } from "./outbox";

const NOT_KEPT = new Set(["csrfmiddlewaretoken"]);
const OF_A_PROJECT = new Set(["project", "seen", "stage", "exit_reason"]);

/**
 * `<form data-draft="person">`: kept on this phone at each word, given back after a crash, sent when there is network.
 *
 * Without storage (a private window) the form is a plain one. A form that the server gave back with its faults
 * (`data-bound`) is newer than what was kept: it is kept in its turn, under the same key.
 */
export function draft(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-draft]");
  if (!form || !me() || !("indexedDB" in window)) {
    return;
  }
  void start(form).catch(() => undefined);
}

async function start(form: HTMLFormElement): Promise<void> {
  // What she types while a slow phone opens its storage is kept as soon as it is open.
  let early = false;
  const soon = (): void => void (early = true);
  form.addEventListener("input", soon);
  const person = form.dataset.draft ?? "";
  const notes = (await mine()).filter((note) => note.person === person);
  const kept = notes.find((note) => note.state !== "waiting");
  if (form.hasAttribute("data-bound")) {
    await put(read(form, "draft"));
  } else if (kept) {
    const project = kept.values.find(([name]) => name === "project")?.[1] ?? "";
    const asked = new URLSearchParams(window.location.search).has("projet");
    const same = project === value(form, "project");
    if (!same && !asked && project) {
      window.location.replace(`?projet=${project}`);
      return;
    }
    // She chose another project on purpose: her words follow her there, the stage of the other one does not.
    give(form, same ? kept : { ...kept, values: kept.values.filter(([name]) => !OF_A_PROJECT.has(name)) });
    said(form, "restored");
  } else if (notes.length) {
    said(form, "before");
  }
  const net = form.querySelector<HTMLElement>("[data-net]");
  if (net) {
    net.hidden = false;
  }

  // A page given back whole by the Back button holds a key that was already used: a fresh one is asked for.
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
  const keep = keeper(form);
  form.removeEventListener("input", soon);
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  if (early) {
    keep();
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void save(form).catch(() => form.submit());
  });
  form.querySelector("[data-forget-draft]")?.addEventListener("click", () => {
    void drop(value(form, "key")).then(() => window.location.assign(form.action));
  });
}

/** Keeps the latest words, one write at a time: on a slow phone, what is kept is never many keys behind. */
function keeper(form: HTMLFormElement): () => void {
  let writing = false;
  let newer = false;
  const write = async (): Promise<void> => {
    writing = true;
    try {
      do {
        newer = false;
        await put(read(form, "draft"));
      } while (newer && form.getAttribute("aria-busy") !== "true");
    } finally {
      writing = false;
    }
  };
  return () => {
    newer = true;
    if (!writing && form.getAttribute("aria-busy") !== "true") {
      void write().catch(() => undefined);
    }
  };
}

async function save(form: HTMLFormElement): Promise<void> {
  if (form.getAttribute("aria-busy") === "true") {
    return;
  }
  const clock = form.elements.namedItem("written_at_device") as HTMLInputElement | null;
  if (clock) {
    clock.value = new Date().toISOString();
  }
  busy(form, true);
  const note = read(form, "waiting");
  await put(note);
  const sent = await send(note);
  switch (sent.end) {
    case "saved":
      await drop(note.key);
      window.location.assign(sent.url);
      return;
    case "later":
      said(form, "waiting");
      close(form);
      window.dispatchEvent(new Event("citeslab:kept"));
      window.addEventListener("citeslab:sent", () => window.location.assign(form.dataset.afterwards ?? "/"));
      return;
    default:
      // The browser shows the page that the server answers: the faults, or the way in and back here.
      await put({ ...note, state: "draft" });
      form.submit();
  }
}

function busy(form: HTMLFormElement, yes: boolean): void {
  form.setAttribute("aria-busy", String(yes));
  for (const button of form.querySelectorAll("button")) {
    button.disabled = yes;
  }
}

/** What waits is not written in any more: it may be leaving at this very moment. */
function close(form: HTMLFormElement): void {
  form.querySelector<HTMLElement>(".save")?.remove();
  for (const part of form.querySelectorAll<HTMLElement>(":scope > :not([data-draft-said])")) {
    part.inert = true;
  }
}

const value = (form: HTMLFormElement, name: string): string =>
  (form.elements.namedItem(name) as HTMLInputElement | null)?.value ?? "";

function read(form: HTMLFormElement, state: Kept["state"]): Kept {
  const values: [string, string][] = [];
  for (const [name, content] of new FormData(form)) {
    if (typeof content === "string" && !NOT_KEPT.has(name)) {
      values.push([name, content]);
    }
  }
  return {
    key: value(form, "key"),
    user: me(),
    person: form.dataset.draft ?? "",
    action: form.action,
    values,
    state,
    at: new Date().toISOString(),
  };
}

function give(form: HTMLFormElement, note: Kept): void {
  for (const [name, content] of note.values) {
    for (const field of form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(`[name="${name}"]`)) {
      if (field instanceof HTMLInputElement && field.type === "radio") {
        field.checked = field.value === content;
      } else {
        field.value = content;
      }
    }
  }
  form.dispatchEvent(new Event("citeslab:given"));
}

function said(form: HTMLFormElement, what: "restored" | "waiting" | "before"): void {
  const box = form.querySelector<HTMLElement>("[data-draft-said]");
  const again = form.querySelector<HTMLElement>("[data-forget-draft]");
  if (!box || !again) {
    return;
  }
  box.hidden = false;
  for (const one of ["restored", "waiting", "before"]) {
    box.querySelector<HTMLElement>(`[data-${one}]`)!.hidden = one !== what;
  }
  again.hidden = what !== "restored";
  if (what === "waiting") {
    box.scrollIntoView({ block: "center" });
  }
}
