/**
 * The worker of the attendance list: when the room has no network, the page that was opened before opens again.
 *
 * Its address bounds it to `/actions/`. It keeps what the server says may be kept (`Citeslab-Keep`: for whom, until
 * which day, what its clock says), answers with it only when the network does not, and never after that day, which it
 * writes as this phone's calendar has it: its clock may be days away. `store.ts` erases what it keeps.
 */
const worker = self as unknown as ServiceWorkerGlobalScope;
const CACHE = "citeslab-room";
const KEEP = "Citeslab-Keep";
const PATIENCE = 6_000;
const LIST = /^\/actions\/\d+\/liste\/$/;

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) {
    return;
  }
  if (request.mode === "navigate" && LIST.test(url.pathname)) {
    event.respondWith(list(request, event));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(piece(request, event));
  }
});

async function list(request: Request, event: FetchEvent): Promise<Response> {
  const kept = await keptPage(request);
  const fresh = fetch(request).then((answer) => {
    if (answer.ok && answer.headers.has(KEEP)) {
      event.waitUntil(keep(request, answer.clone()));
    }
    return answer;
  });
  return kept ? firstOf(fresh, kept) : fresh;
}

/** The network's answer, or what is kept when there is none in time. */
function firstOf(fresh: Promise<Response>, kept: Response): Promise<Response> {
  return new Promise((resolve) => {
    const patience = setTimeout(() => resolve(kept), PATIENCE);
    fresh.then(
      (answer) => {
        clearTimeout(patience);
        resolve(answer.status >= 500 ? kept : answer);
      },
      () => {
        clearTimeout(patience);
        resolve(kept);
      },
    );
  });
}

async function keptPage(request: Request): Promise<Response | undefined> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreSearch: true, ignoreVary: true });
  const [, until = ""] = kept?.headers.get(KEEP)?.split(" ") ?? [];
  if (kept && until < day(new Date())) {
    await cache.delete(request, { ignoreSearch: true, ignoreVary: true });
    return undefined;
  }
  return kept;
}

async function keep(request: Request, answer: Response): Promise<void> {
  const [user, until, now = ""] = answer.headers.get(KEEP)!.split(" ");
  const headers = new Headers(answer.headers);
  headers.set(KEEP, `${user} ${day(new Date(Date.parse(`${until}T12:00`) + Date.now() - Date.parse(now)))}`);
  const page = new Response(await answer.blob(), { headers });
  const cache = await caches.open(CACHE);
  await cache.delete(request, { ignoreSearch: true, ignoreVary: true });
  await cache.put(request.url, page);
}

/** Style, script, font: those that the list's page asked to keep stay as fresh as the network allows. */
async function piece(request: Request, event: FetchEvent): Promise<Response> {
  try {
    const answer = await fetch(request);
    if (answer.ok) {
      const copy = answer.clone();
      event.waitUntil(refresh(request, copy));
    }
    return answer;
  } catch (problem) {
    const kept = await (await caches.open(CACHE)).match(request, { ignoreVary: true });
    if (kept) {
      return kept;
    }
    throw problem;
  }
}

async function refresh(request: Request, answer: Response): Promise<void> {
  if (await caches.has(CACHE)) {
    const cache = await caches.open(CACHE);
    if (await cache.match(request, { ignoreVary: true })) {
      await cache.put(request, answer);
    }
  }
}

function day(at: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
