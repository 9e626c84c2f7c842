/**
 * `<form data-unsent>`: a form sent after the session had ended (a day's work is eight hours) is not lost.
 *
 * What is sent is kept in this tab until a signed-in page answers. When the way back through the sign-in page leads to
 * the same form again, its fields say again what was written, and `[data-unsent-said]` tells so. A form that the
 * server gives back with its errors carries `data-unsent="answered"`: it has what was written already.
 */
const KEPT = "citeslab.unsent";

type Kept = { path: string; fields: [string, string][] };

export function unsent(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.matches("form[data-unsent]")) {
      const fields = [...new FormData(form)].filter(
        (pair): pair is [string, string] => typeof pair[1] === "string" && pair[0] !== "csrfmiddlewaretoken",
      );
      keep({ path: location.pathname, fields });
    }
  });

  const kept = known();
  if (!kept) {
    return;
  }
  const form = document.querySelector<HTMLFormElement>("form[data-unsent]");
  const isSignedIn = document.querySelector("form[action*='deconnexion']") !== null;
  if (form && form.dataset.unsent !== "answered" && kept.path === location.pathname) {
    restore(form, kept.fields);
  }
  if (form || isSignedIn) {
    keep(null);
  }
}

function restore(form: HTMLFormElement, fields: [string, string][]): void {
  for (const box of form.querySelectorAll<HTMLInputElement>("input[type=checkbox], input[type=radio]")) {
    box.checked = fields.some(([name, value]) => name === box.name && value === box.value);
  }
  for (const [name, value] of fields) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) {
      field.value = value;
    } else if (field instanceof HTMLInputElement && field.type !== "checkbox" && field.type !== "radio") {
      field.value = value;
    }
  }
  for (const more of form.querySelectorAll<HTMLDetailsElement>("details")) {
    more.open = true;
  }
  const said = form.querySelector<HTMLElement>("[data-unsent-said]");
  if (said) {
    said.hidden = false;
  }
}

function keep(kept: Kept | null): void {
  try {
    if (kept) {
      sessionStorage.setItem(KEPT, JSON.stringify(kept));
    } else {
      sessionStorage.removeItem(KEPT);
    }
  } catch {
    // no storage in this browser: the form works all the same
  }
}

function known(): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}
