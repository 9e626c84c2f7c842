import { forget as forgetRooms, unsent } from "../room/store";

/**
 * Notes kept on this phone: drafts, and those that wait for the network.
 *
 * Each word is written through to the disk ("strict"), so that a browser killed a moment later has it still.
 * A row belongs to the account that wrote it: another account is never shown it.
 */
export interface Kept {
  key: string;
  user: string;
  person: string;
  action: string;
  values: [string, string][];
  /** "draft": being written. "waiting": to send. "look": the server wants her eye first. */
  state: "draft" | "waiting" | "look";
  at: string;
}

const STORE = "notes";

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("citeslab", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

let database: Promise<IDBDatabase> | undefined;

async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  database ??= opened();
  const transaction = (await database).transaction(STORE, mode, { durability: "strict" });
  const request = act(transaction.objectStore(STORE));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
}

export const me = (): string => document.body.dataset.user ?? "";
export const put = (note: Kept): Promise<unknown> => run("readwrite", (store) => store.put(note));
export const drop = (key: string): Promise<unknown> => run("readwrite", (store) => store.delete(key));

/** Mine, the latest first. */
export async function mine(): Promise<Kept[]> {
  const all = await run<Kept[]>("readonly", (store) => store.getAll());
  return all.filter((note) => note.user === me()).sort((one, other) => other.at.localeCompare(one.at));
}

/** Whoever signs out leaves nothing behind; what waits is said first. */
export function forgetOnSignOut(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("form[data-forget]")) {
      return;
    }
    event.preventDefault();
    void forget(form);
  });
}

async function forget(form: HTMLFormElement): Promise<void> {
  try {
    const notes = await mine();
    const waits = notes.some((note) => note.state !== "draft") || (await unsent()) > 0;
    if (waits && !window.confirm(form.dataset.forget)) {
      return;
    }
    await forgetRooms();
    for (const note of notes) {
      await drop(note.key);
    }
  } catch {
    // No storage here: nothing was kept either.
  }
  form.submit();
}
