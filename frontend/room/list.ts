import { pad, type Pad } from "./pad";
import {
  CACHE, type Data, day, dayHere, drop, type Kept, keepList, type List, listOf, me, mine, newKey, put, settle, type Someone,
  sweep, type Told,
} from "./store";

/**
 * `[data-list]`: the attendance list for one thumb, with or without network.
 *
 * A tap is an act: kept on this phone first, shown, then sent with the others that wait. The server says what became of
 * each; what it refuses stays here with its reason. Without a script the same buttons are plain forms.
 */
const FORMAT = "citeslab.acts.1";
const EVERY = 30_000;
const PATIENCE = 20_000;
const AT_ONCE = 200;
const THERE = ["PRESENT", "PART"];

interface Answer {
  results: { key: string; end: string; reason: string; registration: number | null }[];
  list: Data;
}

const root = document.querySelector<HTMLElement>("[data-list]");
if (root && me() && "indexedDB" in window) {
  void start(root).catch(() => undefined);
}

async function start(root: HTMLElement): Promise<void> {
  const workshop = root.dataset.list!;
  const page = JSON.parse(document.getElementById("list-data")!.textContent!) as Data;
  await sweep();
  const kept = await listOf(workshop);
  const list: List = kept ?? {
    workshop,
    user: me(),
    until: "",
    device: newKey(),
    shift: (Date.parse(page.now) - Date.now()) / 1000,
    walkIns: {},
    data: page,
  };
  list.until = dayHere(root.dataset.until!, list.shift);
  if (Date.parse(page.now) >= Date.parse(list.data.now)) {
    list.data = page;
  }
  await keepList(list);
  new Hand(root, list, await mine(workshop)).open();
}

class Hand {
  private half: number;
  private rows = new Map<string, HTMLElement>();
  private sending = false;
  private signedOut = false;
  private offline = !navigator.onLine;
  private said = "";
  private pad: Pad | undefined;
  private signing = "";
  private rewriting = "";
  private before: HTMLElement | null = null;

  constructor(
    private root: HTMLElement,
    private list: List,
    private acts: Kept[],
  ) {
    this.half = Number(root.dataset.half);
  }

  open(): void {
    for (const row of this.all("[data-rows] > [data-registration]")) {
      this.rows.set(row.dataset.registration!, row);
    }
    this.listen();
    this.show();
    void this.flush();
    void this.keepPage().catch(() => undefined);
    window.setInterval(() => document.visibilityState === "visible" && void this.flush(), EVERY);
    window.addEventListener("online", () => void this.flush());
    window.addEventListener("offline", () => {
      this.offline = true;
      this.show();
    });
  }

  private one<T extends HTMLElement = HTMLElement>(selector: string): T | null {
    return document.querySelector<T>(selector);
  }

  private all(selector: string): HTMLElement[] {
    return [...document.querySelectorAll<HTMLElement>(selector)];
  }

  private listen(): void {
    this.one("[data-rows]")?.addEventListener("click", (event) => {
      const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button");
      const who = button?.closest<HTMLElement>("[data-registration]")?.dataset.registration;
      if (!button || !who) {
        return;
      }
      event.preventDefault();
      if (button.name === "state") {
        void this.tell([this.mark(who, button.value)]);
      } else if (button.matches("[data-sign]")) {
        this.openSheet(who, button);
      }
    });
    this.one("[data-walk-in]")?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.walkIn(event.target as HTMLFormElement);
    });
    this.one("[data-heads]")?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.countHeads(event.target as HTMLFormElement);
    });
    for (const link of this.all("[data-half-day]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.half = Number(link.dataset.halfDay);
        for (const other of this.all("[data-half-day]")) {
          other.toggleAttribute("aria-current", false);
        }
        link.setAttribute("aria-current", "true");
        this.show();
      });
    }
    this.one("[data-export]")?.addEventListener("click", () => this.save());
    const sheet = this.one("[data-sign-sheet]");
    if (sheet) {
      this.pad = pad(sheet);
      sheet.querySelector("[data-sign-done]")?.addEventListener("click", () => void this.sign());
      sheet.querySelector("[data-sign-close]")?.addEventListener("click", () => this.closeSheet());
      sheet.addEventListener("keydown", (event) => event.key === "Escape" && this.closeSheet());
    }
  }

  /** `who`: the number of a registration, or the key of the walk-in that nobody has acknowledged yet. */
  private about(who: string): Record<string, unknown> {
    return /^\d+$/.test(who) ? { session: this.half, registration: Number(who) } : { session: this.half, walk_in: who };
  }

  private act(kind: Told["kind"], more: Record<string, unknown>, key = newKey()): Kept {
    const act: Told = { key, kind, told_at: new Date().toISOString(), ...more };
    return { key, user: me(), workshop: this.list.workshop, act, reason: "" };
  }

  private mark(who: string, state: string): Kept {
    return this.act("mark", { ...this.about(who), state, how: this.root.dataset.how });
  }

  /** Kept first, then shown, then sent. */
  private async tell(acts: Kept[]): Promise<void> {
    await put(...acts);
    this.acts = [...this.acts.filter((one) => !acts.some((other) => other.key === one.key)), ...acts];
    this.show();
    await this.flush();
  }

  private async walkIn(form: HTMLFormElement): Promise<void> {
    const said = (name: string) => (form.elements.namedItem(name) as HTMLInputElement).value.trim();
    const [first_name, preferred_name, contact] = [said("first_name"), said("preferred_name"), said("contact")];
    const wrong = this.one("[data-walk-in-wrong]")!;
    wrong.hidden = Boolean(first_name && preferred_name);
    if (!wrong.hidden) {
      return;
    }
    const act = this.act("walk_in", { first_name, preferred_name, contact }, this.rewriting || undefined);
    const acts = this.rewriting ? [act] : [act, this.mark(act.key, "PRESENT")];
    this.rewriting = "";
    form.reset();
    await this.tell(acts);
    this.rows.get(this.known(act.key))?.scrollIntoView({ block: "center" });
  }

  private async countHeads(form: HTMLFormElement): Promise<void> {
    const heads = [...form.querySelectorAll<HTMLInputElement>("input[type=number]")].map((field) => {
      const [, sex = "", band = ""] = /^([a-z]+)_(.+)$/.exec(field.name) ?? [];
      return [sex.toUpperCase(), band.toUpperCase(), Math.max(0, Math.trunc(Number(field.value) || 0))];
    });
    await this.tell([this.act("heads", { heads })]);
  }

  private openSheet(who: string, button: HTMLElement): void {
    this.signing = who;
    this.before = button;
    this.pad?.clear();
    this.one("[data-sign-wrong]")!.hidden = true;
    this.one("[data-sign-name]")!.textContent = this.nameOf(who);
    this.one("[data-sign-sheet]")!.hidden = false;
    this.root.inert = true;
    this.one("[data-sign-name]")!.focus();
  }

  private closeSheet(): void {
    this.one("[data-sign-sheet]")!.hidden = true;
    this.root.inert = false;
    this.before?.focus();
  }

  private async sign(): Promise<void> {
    const strokes = this.pad?.strokes ?? [];
    if (!strokes.length) {
      this.one("[data-sign-wrong]")!.hidden = false;
      return;
    }
    const who = this.known(this.signing);
    const state = this.states().get(who);
    const acts = state && THERE.includes(state) ? [] : [this.mark(who, "PRESENT")];
    acts.push(this.act("sign", { ...this.about(who), strokes }));
    this.closeSheet();
    await this.tell(acts);
  }

  /** A walk-in that the server has acknowledged is a registration like another. */
  private known(who: string): string {
    return String(this.list.walkIns[who] ?? who);
  }

  private waiting(): Kept[] {
    return this.acts.filter((one) => !one.reason);
  }

  private whoOf(act: Told): string {
    return act.registration === undefined ? this.known(String(act.walk_in)) : String(act.registration);
  }

  /** The state of each at this half-day: what the server said, then what waits here. */
  private states(): Map<string, string> {
    const states = new Map<string, string>();
    for (const [half, who, state] of this.list.data.marks) {
      if (half === this.half) {
        states.set(String(who), state);
      }
    }
    for (const { act } of this.waiting()) {
      if (act.kind === "mark" && act.session === this.half) {
        states.set(this.whoOf(act), String(act.state));
      }
    }
    return states;
  }

  private signed(): Set<string> {
    const told = this.waiting().filter(({ act }) => act.kind === "sign" && act.session === this.half);
    return new Set([
      ...this.list.data.signed.filter(([half]) => half === this.half).map(([, who]) => String(who)),
      ...told.map(({ act }) => this.whoOf(act)),
    ]);
  }

  private people(): (Omit<Someone, "pk"> & { who: string })[] {
    const standing = new Set(this.list.data.standing);
    const known = this.list.data.people.filter((one) => standing.has(one.pk)).map((one) => ({ ...one, who: String(one.pk) }));
    const here = new Set(known.map((one) => one.who));
    const walkedIn = this.acts
      .filter(({ act, key }) => act.kind === "walk_in" && !here.has(this.known(key)))
      .map(({ act, key }) => ({ who: this.known(key), number: 0, name: `${act.first_name} ${act.preferred_name}`, waiting: false }));
    return [...known.filter((one) => !one.waiting), ...walkedIn, ...known.filter((one) => one.waiting)];
  }

  private nameOf(who: string): string {
    const found = this.people().find((one) => one.who === this.known(who));
    return found?.name || this.root.dataset.notHere || "";
  }

  private show(): void {
    const place = this.one("[data-rows]");
    const template = this.one<HTMLTemplateElement>("[data-row]");
    if (place && template) {
      const states = this.states();
      const signed = this.signed();
      const people = this.people();
      let present = 0;
      let after: Element | null = null;
      const shown = new Set<string>();
      for (const one of people) {
        const row = this.rowOf(one.who, template);
        shown.add(one.who);
        this.fill(row, one, states.get(one.who) ?? "", signed.has(one.who));
        present += THERE.includes(states.get(one.who) ?? "") ? 1 : 0;
        const next: Element | null = after ? after.nextElementSibling : place.firstElementChild;
        if (next !== row) {
          place.insertBefore(row, next);
        }
        after = row;
      }
      for (const [who, row] of this.rows) {
        if (!shown.has(who)) {
          row.remove();
          this.rows.delete(who);
        }
      }
      this.one("[data-present]")!.textContent = this.written(present);
      this.one("[data-all]")!.textContent = this.written(people.length);
      this.one("[data-nobody]")!.hidden = people.length > 0;
    }
    const heads = this.waiting().filter(({ act }) => act.kind === "heads").pop();
    const counted = heads ? (heads.act.heads as [string, string, number][]).reduce((sum, row) => sum + row[2], 0) : this.list.data.heads;
    this.one("[data-heads-counted]")!.textContent = this.written(counted);
    this.say();
  }

  /** Her row; that of a walk-in becomes the row of her registration. */
  private rowOf(who: string, template: HTMLTemplateElement): HTMLElement {
    let row = this.rows.get(who);
    for (const [key, registration] of Object.entries(this.list.walkIns)) {
      const before = String(registration) === who ? this.rows.get(key) : undefined;
      if (!row && before) {
        row = before;
        this.rows.delete(key);
      }
    }
    row ??= (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
    row.dataset.registration = who;
    this.rows.set(who, row);
    return row;
  }

  private fill(row: HTMLElement, one: Omit<Someone, "pk">, state: string, isSigned: boolean): void {
    const name = one.name || this.root.dataset.notHere || "";
    const set = (selector: string, words: string) => {
      for (const part of row.querySelectorAll(selector)) {
        if (part.textContent !== words) {
          part.textContent = words;
        }
      }
    };
    set("[data-name]", name);
    set("[data-name-again]", name);
    set("[data-number]", one.number ? String(one.number) : "+");
    row.querySelector<HTMLElement>("[data-in-line]")!.hidden = !one.waiting;
    row.querySelector<HTMLElement>("[data-sign]")!.hidden = isSigned;
    row.querySelector<HTMLElement>("[data-signed]")!.hidden = !isSigned;
    for (const button of row.querySelectorAll<HTMLButtonElement>("button[name=state]")) {
      button.setAttribute("aria-pressed", String(button.value === state));
    }
  }

  private written(number: number): string {
    return new Intl.NumberFormat(document.documentElement.lang).format(number);
  }

  private say(): void {
    const words = this.root.dataset;
    const waiting = this.waiting().length;
    const many = waiting > 1 ? (words.waitingMany ?? "").replace("{count}", this.written(waiting)) : words.waiting;
    const state = this.one("[data-state]")!;
    const why = this.signedOut ? words.signIn : this.offline ? words.offline : this.said;
    const text = [waiting ? many : words.sent, waiting || this.signedOut || this.offline ? why : ""].filter(Boolean).join(" ");
    state.classList.toggle("list-state-waiting", waiting > 0 || this.offline);
    state.dataset.waiting = String(waiting);
    const said = this.one("[data-said-words]")!;
    if (said.textContent !== text) {
      said.textContent = text;
    }
    this.one("[data-sign-in-link]")!.hidden = !this.signedOut;
    this.one("[data-export-box]")!.hidden = this.acts.length === 0;
    this.sayRefused();
  }

  private sayRefused(): void {
    const place = this.one("[data-refused-list]")!;
    const template = this.one<HTMLTemplateElement>("[data-refused-row]")!;
    const refused = this.acts.filter((one) => one.reason);
    place.hidden = refused.length === 0;
    place.replaceChildren(
      ...refused.map((one) => {
        const row = template.content.cloneNode(true) as DocumentFragment;
        const what = this.root.getAttribute(`data-what-${one.act.kind}`) ?? "";
        const name = one.act.kind === "walk_in" ? ` (${one.act.first_name} ${one.act.preferred_name})` : "";
        const said = (this.root.dataset.refused ?? "").replace("{what}", what + name).replace("{reason}", one.reason);
        row.querySelector("[data-why]")!.textContent = said;
        row.querySelector("[data-resend]")!.addEventListener("click", () => void this.tell([{ ...one, reason: "" }]));
        const again = row.querySelector<HTMLElement>("[data-again]")!;
        again.hidden = one.act.kind !== "walk_in";
        again.addEventListener("click", () => this.rewrite(one));
        row.querySelector("[data-drop]")!.addEventListener("click", () => void this.remove(one));
        return row;
      }),
    );
  }

  private rewrite(one: Kept): void {
    const form = this.one<HTMLFormElement>("[data-walk-in]")!;
    for (const name of ["first_name", "preferred_name", "contact"]) {
      (form.elements.namedItem(name) as HTMLInputElement).value = String(one.act[name] ?? "");
    }
    this.rewriting = one.key;
    this.one<HTMLDetailsElement>("[data-walk-in-box]")!.open = true;
    (form.elements.namedItem("contact") as HTMLInputElement).focus();
  }

  /** Whoever is removed takes what was told of her with her. */
  private async remove(one: Kept): Promise<void> {
    const gone = this.acts.filter((other) => other.key === one.key || other.act.walk_in === one.key);
    await drop(...gone.map((other) => other.key));
    this.acts = this.acts.filter((other) => !gone.includes(other));
    this.show();
  }

  /** Everything that waits, by batches; then what the list says now. */
  private async flush(): Promise<void> {
    if (this.sending) {
      return;
    }
    this.sending = true;
    try {
      let goesOn = true;
      while (goesOn) {
        const sent = this.waiting().slice(0, AT_ONCE);
        const answer = await this.post(sent);
        if (!answer) {
          break;
        }
        const left = await this.settle(sent, answer);
        goesOn = sent.length > 0 && left < sent.length && this.waiting().length > 0;
      }
    } finally {
      this.sending = false;
      this.show();
    }
  }

  private async settle(sent: Kept[], answer: Answer): Promise<number> {
    const gone: string[] = [];
    const refused: Kept[] = [];
    let later = 0;
    for (const result of answer.results) {
      const one = sent.find((other) => other.key === result.key);
      if (!one) {
        continue;
      }
      if (result.end === "accepted" || result.end === "already") {
        gone.push(one.key);
        if (one.act.kind === "walk_in" && result.registration !== null) {
          this.list.walkIns[one.key] = result.registration;
        }
      } else if (result.end === "refused") {
        refused.push({ ...one, reason: result.reason });
      } else {
        later += 1;
      }
    }
    const standing = new Set(answer.list.standing);
    const news = new Set(answer.list.people.map((one) => one.pk));
    const people = this.list.data.people.filter((one) => standing.has(one.pk) && !news.has(one.pk));
    this.list.data = { ...answer.list, people: [...people, ...answer.list.people] };
    this.list.shift = (Date.parse(answer.list.now) - Date.now()) / 1000;
    this.list.until = dayHere(this.root.dataset.until!, this.list.shift);
    await settle(this.list, gone, refused);
    this.acts = this.acts
      .filter((one) => !gone.includes(one.key))
      .map((one) => refused.find((other) => other.key === one.key) ?? one);
    this.show();
    return later;
  }

  private batch(acts: Kept[]): string {
    return JSON.stringify({
      format: FORMAT,
      workshop: Number(this.list.workshop),
      device: this.list.device,
      sent_at: new Date().toISOString(),
      acts: acts.map((one) => one.act),
    });
  }

  private async post(acts: Kept[], token = pageToken(), again = true): Promise<Answer | undefined> {
    const last = this.list.data.people.reduce((most, one) => Math.max(most, one.pk), 0);
    const stop = new AbortController();
    const patience = window.setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(`${this.root.dataset.acts}?apres=${last}`, {
        credentials: "same-origin",
        signal: stop.signal,
        ...(acts.length
          ? { method: "POST", body: this.batch(acts), headers: { "Content-Type": "application/json", "X-CSRFToken": token } }
          : {}),
      });
      this.offline = false;
      this.said = "";
      if (answer.status === 403 && again) {
        const fresh = await freshToken();
        this.signedOut = !fresh;
        return fresh ? await this.post(acts, fresh, false) : undefined;
      }
      this.signedOut = answer.redirected;
      if (answer.redirected || !answer.ok) {
        this.said = answer.status === 422 ? ((await answer.json()) as { said: string }).said : "";
        return undefined;
      }
      return (await answer.json()) as Answer;
    } catch {
      this.offline = true;
      return undefined;
    } finally {
      window.clearTimeout(patience);
    }
  }

  private save(): void {
    const said = { ...(JSON.parse(this.batch(this.acts)) as object), shift: this.list.shift };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(said)], { type: "application/json" }));
    link.download = `citeslab-${this.list.workshop}-${day(new Date())}.json`;
    document.body.append(link);
    link.click();
    link.remove();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  /** With a worker, this page and its pieces open again without network, until the day is over. */
  private async keepPage(): Promise<void> {
    if (!("serviceWorker" in navigator) || !("caches" in window) || this.list.until < day(new Date())) {
      return;
    }
    await navigator.serviceWorker.register(this.root.dataset.worker!);
    await navigator.serviceWorker.ready;
    const cache = await caches.open(CACHE);
    const pieces = performance.getEntriesByType("resource").map((entry) => new URL(entry.name));
    const wanted = [...new Set(pieces.filter((url) => url.pathname.startsWith("/static/")).map((url) => url.href))];
    await Promise.all(wanted.map(async (url) => (await cache.match(url)) ?? (await cache.add(url))));
    if (!(await cache.match(location.href, { ignoreSearch: true }))) {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      if (answer.ok && answer.headers.has("Citeslab-Keep")) {
        const headers = new Headers(answer.headers);
        headers.set("Citeslab-Keep", `${me()} ${this.list.until}`);
        await cache.put(location.href, new Response(await answer.blob(), { headers }));
      }
    }
    this.root.dataset.kept = "yes";
  }
}

function pageToken(): string {
  const headers = document.body.getAttribute("hx-headers");
  return headers ? ((JSON.parse(headers) as Record<string, string>)["X-CSRFToken"] ?? "") : "";
}

/** The page may be hours old and its token with it; another account may have signed in meanwhile. */
async function freshToken(): Promise<string | undefined> {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (answer.redirected || page.body.dataset.user !== me()) {
    return undefined;
  }
  return page.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value;
}
