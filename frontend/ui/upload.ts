/**
 * `<form data-upload>`: shows how much of a file has left, in the `<progress>` that the form holds.
 *
 * The answer is the page that the browser would have shown: a redirection is followed, an answer in place
 * (a form with its errors, a preview) replaces `<main>`. A failure says so in the form's `[data-upload-said]`,
 * with the words that the page gave in `data-failed`, and the form can be sent again.
 */
export function upload(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.matches("form[data-upload]")) {
      event.preventDefault();
      send(form, (event as SubmitEvent).submitter);
    }
  });
}

function send(form: HTMLFormElement, submitter: HTMLElement | null): void {
  const box = form.querySelector<HTMLElement>("[data-upload-box]");
  const bar = form.querySelector<HTMLProgressElement>("progress");
  const said = form.querySelector<HTMLElement>("[data-upload-said]");
  const body = new FormData(form);
  if (submitter instanceof HTMLButtonElement && submitter.name) {
    body.append(submitter.name, submitter.value);
  }

  const busy = (yes: boolean) => {
    form.setAttribute("aria-busy", String(yes));
    for (const button of form.querySelectorAll("button")) {
      button.disabled = yes;
    }
    if (box) {
      box.hidden = !yes;
    }
  };

  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.responseType = "document";

  request.upload.addEventListener("progress", (progress) => {
    if (bar && progress.lengthComputable) {
      bar.max = progress.total;
      bar.value = progress.loaded;
    }
  });
  request.upload.addEventListener("load", () => {
    // All is sent; how long the reading takes is not known.
    bar?.removeAttribute("value");
    if (said?.dataset.reading) {
      said.textContent = said.dataset.reading;
    }
  });
  request.addEventListener("load", () => {
    // A fragment is never sent by the browser, so the comparison is of the addresses without it.
    if (request.status < 400 && request.responseURL !== form.action.split("#")[0]) {
      window.location.assign(request.responseURL);
      return;
    }
    const main = request.responseXML?.querySelector("main");
    if (!main) {
      failed();
      return;
    }
    document.title = request.responseXML?.title ?? document.title;
    const here = document.querySelector("main");
    here?.replaceWith(main);
    main.focus();
    window.scrollTo(0, 0);
  });
  request.addEventListener("error", failed);

  function failed(): void {
    busy(false);
    if (said && box) {
      box.hidden = false;
      bar?.setAttribute("value", "0");
      said.textContent = said.dataset.failed ?? "";
    }
  }

  busy(true);
  if (said?.dataset.sending) {
    said.textContent = said.dataset.sending;
  }
  request.send(body);
}
