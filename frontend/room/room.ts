/**
 * `[data-room]`: the code of the room, changed in time, whatever the network does.
 *
 * Ten minutes of codes are kept ahead. Without a script the page loads itself anew.
 */
interface Code {
  after: number;
  address: string;
  drawing: string;
}

const PEOPLE_EVERY = 15_000;
const CODES_EVERY = 120_000;
const STAYS_RIGHT = 10 * 60_000;
const QUIET = 40_000; // without an answer, before one says so

const page = document.querySelector<HTMLElement>("[data-room]");
if (page) {
  start(page);
}

function start(page: HTMLElement): void {
  const part = <T extends HTMLElement>(name: string) => page.querySelector<T>(`[data-${name}]`)!;
  const lasts = Number(page.dataset.changes) * 1000;
  const address = page.dataset.room!;
  const moves = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  let codes: { at: number; address: string; drawing: string }[] = [];
  let heard = Date.now();
  let asked = 0;

  const ask = async () => {
    const wantsCodes = Date.now() - asked > CODES_EVERY || codes.length === 0;
    try {
      const answer = await fetch(wantsCodes ? address : `${address}?codes=0`, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) {
        return;
      }
      const said = (await answer.json()) as { codes: Code[]; present: number };
      heard = Date.now();
      part("present").textContent = new Intl.NumberFormat(document.documentElement.lang).format(said.present);
      if (wantsCodes) {
        asked = heard;
        codes = said.codes.map((code) => ({ ...code, at: heard + code.after * 1000 }));
      }
    } catch {
      // no network: what is here goes on
    }
    tell();
  };

  const tell = () => {
    const now = Date.now();
    const code = [...codes].reverse().find((one) => one.at <= now);
    const image = part<HTMLImageElement>("code");
    if (code && image.getAttribute("src") !== code.drawing) {
      image.src = code.drawing;
      part("address").textContent = code.address;
    }
    const last = codes[codes.length - 1];
    const gone = part("gone");
    const isOver = last !== undefined && now > last.at + STAYS_RIGHT;
    const words = isOver ? gone.dataset.over : now - heard > QUIET ? gone.dataset.words : "";
    if (gone.textContent !== words) {
      gone.textContent = words ?? "";
    }
    if (code && moves) {
      part("count").hidden = false;
      part<HTMLProgressElement>("bar").value = Math.max(0, Math.ceil((code.at + lasts - now) / 1000));
    }
  };

  void ask();
  window.setInterval(tell, 1000);
  window.setInterval(() => void ask(), PEOPLE_EVERY);
  window.addEventListener("online", () => void ask());
  document.addEventListener("visibilitychange", () => {
    asked = 0; // a phone that slept: its clock and its codes may be old
    void (document.visibilityState === "visible" && ask());
    void awake();
  });

  const full = part<HTMLButtonElement>("full");
  if (document.fullscreenEnabled) {
    full.hidden = false;
    full.addEventListener("click", () => {
      void (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
    });
  }
  void awake();
}

/** A phone held up for minutes must not go dark. */
async function awake(): Promise<void> {
  try {
    await navigator.wakeLock.request("screen");
  } catch {
    // this phone decides
  }
}
