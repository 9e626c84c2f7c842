/**
 * `<div data-combobox>`: a field that proposes while one types (ARIA authoring practices: list autocomplete, manual
 * selection).
 *
 * htmx brings the options into `[data-options]`; here are the keys, the roles and the choice. An option carries
 * `data-text`, what the field then says, and `data-fill-name`, what the other fields of the form then say. A choice
 * sends the event `chosen` from the field; typing over it empties what it had filled.
 */
export function combobox(): void {
  for (const box of document.querySelectorAll<HTMLElement>("[data-combobox]")) {
    set(box);
  }
  for (const plain of document.querySelectorAll<HTMLElement>("[data-without-script]")) {
    plain.remove(); // hidden, its button would still be the one that the Enter key presses
  }
}

function set(box: HTMLElement): void {
  const input = box.querySelector<HTMLInputElement>("input:not([type=hidden])");
  const list = box.querySelector<HTMLElement>("[data-options]");
  const said = box.querySelector<HTMLElement>("[data-said]");
  if (!input || !list) {
    return;
  }
  const options = () => [...list.querySelectorAll<HTMLElement>("[role=option]")];
  let filled: string[] = [];

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  const open = (yes: boolean) => {
    list.hidden = !yes || list.childElementCount === 0;
    input.setAttribute("aria-expanded", String(!list.hidden && options().length > 0));
    if (list.hidden) {
      point(-1);
    }
  };

  const point = (place: number) => {
    options().forEach((option, number) => option.setAttribute("aria-selected", String(number === place)));
    const pointed = options()[place];
    if (pointed) {
      input.setAttribute("aria-activedescendant", pointed.id);
      pointed.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  const here = () => options().findIndex((option) => option.getAttribute("aria-selected") === "true");

  const fill = (name: string, value: string) => {
    const field = input.form?.elements.namedItem(name);
    if (field instanceof HTMLInputElement) {
      field.value = value;
    }
  };

  const choose = (option: HTMLElement) => {
    input.value = option.dataset.text ?? "";
    filled = [];
    for (const [key, value] of Object.entries(option.dataset)) {
      if (key.startsWith("fill")) {
        const name = key.slice(4).toLowerCase();
        fill(name, value ?? "");
        filled.push(name);
      }
    }
    list.replaceChildren();
    open(false);
    input.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
  };

  input.addEventListener("input", () => {
    for (const name of filled) {
      fill(name, "");
    }
    filled = [];
    if (input.value.trim().length === 0) {
      list.replaceChildren();
      open(false);
    }
  });

  list.addEventListener("htmx:afterSwap", () => {
    if (said) {
      said.textContent = list.querySelector<HTMLElement>("[data-count]")?.dataset.count ?? "";
    }
    open(document.activeElement === input);
  });

  // Before the field loses the focus: a choice by pointer keeps it there.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = (event.target as HTMLElement).closest<HTMLElement>("[role=option]");
    if (option) {
      choose(option);
    }
  });
  input.addEventListener("blur", () => open(false));

  input.addEventListener("keydown", (event) => {
    const count = options().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (count === 0) {
        return;
      }
      event.preventDefault();
      open(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      const from = here();
      point(from < 0 ? (step > 0 ? 0 : count - 1) : (from + step + count) % count);
    } else if (event.key === "Enter" && !list.hidden && options()[here()]) {
      event.preventDefault();
      choose(options()[here()]!);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      open(false);
    }
  });
}
