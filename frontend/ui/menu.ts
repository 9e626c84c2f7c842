/** `<details data-menu>`: closes on Escape, and when something else is touched. */
export function menu(): void {
  const open = () => document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]");

  document.addEventListener("click", (event) => {
    for (const details of open()) {
      if (!details.contains(event.target as Node)) {
        details.open = false;
      }
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      return;
    }
    for (const details of open()) {
      details.open = false;
      details.querySelector("summary")?.focus();
    }
  });
}
