/**
 * `<div data-near hidden>` in a form: "near me". The browser asks before it tells where it is, on a tap alone; the point
 * leaves in the body of the form and is kept nowhere.
 */
for (const box of document.querySelectorAll<HTMLElement>("[data-near]")) {
  const form = box.closest("form");
  if (form && navigator.geolocation) {
    set(form, box);
  }
}

function set(form: HTMLFormElement, box: HTMLElement): void {
  const said = box.querySelector<HTMLElement>("[data-near-said]");
  const points = [...box.querySelectorAll<HTMLInputElement>("input[type=hidden]")];
  box.hidden = false;
  box.querySelector("[data-near-ask]")?.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        for (const one of points) {
          one.value = (one.name === "longitude" ? coords.longitude : coords.latitude).toFixed(5);
          one.disabled = false;
        }
        form.submit();
      },
      () => {
        if (said) {
          said.textContent = said.dataset.nearSaid ?? "";
        }
      },
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  });
  // Back to this page from the answer, what is written counts again.
  window.addEventListener("pageshow", () => {
    for (const one of points) {
      one.disabled = true;
    }
  });
}
