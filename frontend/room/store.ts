/**
 * What the attendance list keeps on a phone: acts that wait for the network, and the list itself until its day is over.
 *
 * Each act is written through to the disk before the page shows it. A row belongs to the account that made it: another
 * account is never shown it, and what can be read without network goes as soon as another account opens a page.
 */
export interface Told {
  key: string;
  kind: "mark" | "walk_in" | "sign" | "heads";
  told_at: string;
  [more: string]: unknown;
}

export interface Kept {
  key: string;
  user: string;
  workshop: string;
  act: Told;
  reason: string; // why the server refused it; empty while it waits
}

export interface Someone {
  pk: number;
  number: number;
  name: string;
  waiting: boolean;
}

/** The list as the server said it last. */
export interface Data {
  now: string;
  standing: number[];
  people: Someone[];
  marks: [number, number, string, string][];
  signed: [number, number][];
  heads: number;
}

export interface List {
  workshop: string;
  user: string;
  until: string; // the last day it is kept, by this phone's calendar
  device: string;
  shift: number; // seconds by which the server's clock is ahead of this one
  walkIns: Record<string, number>;
  data: Data;
}

export const CACHE = "citeslab-room";
const USED = "citeslab.room";

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("citeslab-room", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("acts", { keyPath: "key" });
      request.result.createObjectStore("lists", { keyPath: "workshop" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

let database: Promise<IDBDatabase> | undefined;

type Stores = "acts" | "lists";

async function run<T>(
  stores: Stores[],
  mode: IDBTransactionMode,
  act: (store: (name: Stores) => IDBObjectStore) => IDBRequest<T> | undefined,
): Promise<T | undefined> {
  database ??= opened();
  const transaction = (await database).transaction(stores, mode, { durability: "strict" });
  const request = act((name) => transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export const me = (): string => document.body.dataset.user ?? "";

export async function put(...acts: Kept[]): Promise<void> {
  await run(["acts"], "readwrite", (store) => {
    acts.forEach((one) => store("acts").put(one));
    return undefined;
  });
}

export async function drop(...keys: string[]): Promise<void> {
  await run(["acts"], "readwrite", (store) => {
    keys.forEach((key) => store("acts").delete(key));
    return undefined;
  });
}

/** Mine, of this action, in the order in which they were told. */
export async function mine(workshop?: string): Promise<Kept[]> {
  const all = (await run<Kept[]>(["acts"], "readonly", (store) => store("acts").getAll())) ?? [];
  return all
    .filter((one) => one.user === me() && (workshop === undefined || one.workshop === workshop))
    .sort((one, other) => one.act.told_at.localeCompare(other.act.told_at));
}

export async function listOf(workshop: string): Promise<List | undefined> {
  const found = await run<List>(["lists"], "readonly", (store) => store("lists").get(workshop));
  return found?.user === me() ? found : undefined;
}

/** What the server answered: acts gone or refused, and the list as it is now, in one write. */
export async function settle(list: List, gone: string[], refused: Kept[]): Promise<void> {
  await run(["acts", "lists"], "readwrite", (store) => {
    gone.forEach((key) => store("acts").delete(key));
    refused.forEach((one) => store("acts").put(one));
    store("lists").put(list);
    return undefined;
  });
}

export async function keepList(list: List): Promise<void> {
  localStorage.setItem(USED, "1");
  await settle(list, [], []);
}

const wasUsed = (): boolean => {
  try {
    return localStorage.getItem(USED) !== null;
  } catch {
    return false;
  }
};

/** Lists of another account, or of a day that is over, leave this phone with the pages that show them. */
export async function sweep(): Promise<void> {
  if (!me() || !wasUsed()) {
    return;
  }
  const today = day(new Date());
  const lists = (await run<List[]>(["lists"], "readonly", (store) => store("lists").getAll())) ?? [];
  const over = lists.filter((list) => list.user !== me() || list.until < today);
  await run(["lists"], "readwrite", (store) => {
    over.forEach((list) => store("lists").delete(list.workshop));
    return undefined;
  });
  if ("caches" in window && (await caches.has(CACHE))) {
    const cache = await caches.open(CACHE);
    for (const request of await cache.keys()) {
      const said = (await cache.match(request))?.headers.get("Citeslab-Keep");
      const [user = "", until = ""] = said?.split(" ") ?? [];
      if (said && (user !== me() || until < today)) {
        await cache.delete(request);
      }
    }
  }
}

/** Before signing out: how many acts would be lost. */
export const unsent = async (): Promise<number> => (wasUsed() ? (await mine()).length : 0);

/** At sign-out nothing stays: neither acts nor lists nor pages. */
export async function forget(): Promise<void> {
  if (!wasUsed()) {
    return;
  }
  await drop(...(await mine()).map((one) => one.key));
  await run(["lists"], "readwrite", (store) => store("lists").clear());
  if ("caches" in window) {
    await caches.delete(CACHE);
  }
  localStorage.removeItem(USED);
}

/** A day of the server's calendar, as this phone's has it: `shift` seconds lie between their clocks. */
export const dayHere = (said: string, shift: number): string => day(new Date(Date.parse(`${said}T12:00`) - shift * 1000));

/** A day as the server writes it, by this phone's calendar. */
export function day(at: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** A key that no other phone makes; older phones have no `randomUUID`. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
