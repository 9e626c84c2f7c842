/** `<button data-print hidden>`: prints the page. Hidden until a script can do it. */
export function print(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
    button.hidden = false;
  }
  document.addEventListener("click", (event) => {
    if ((event.target as HTMLElement).closest("button[data-print]")) {
      window.print();
    }
  });
}
