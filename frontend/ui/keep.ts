/** `<form data-keep>`: the browser asks before it leaves a page whose form was written in and not sent. */
export function keep(): void {
  let written = false;

  document.addEventListener("input", (event) => {
    written ||= (event.target as HTMLElement).closest("form[data-keep]") !== null;
  });
  document.addEventListener("submit", () => {
    written = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (written) {
      event.preventDefault();
    }
  });
}
