/**
 * `<form data-autosubmit>`: a filter chosen is a filter applied.
 *
 * Only choices submit by themselves; a text field waits for its Enter key, or each letter would reload the page.
 */
export function autosubmit(): void {
  document.addEventListener("change", (event) => {
    const field = event.target as HTMLElement;
    const form = field.closest<HTMLFormElement>("form[data-autosubmit]");
    if (form && field.matches("select, input[type=checkbox], input[type=radio]")) {
      form.requestSubmit();
    }
  });
}
