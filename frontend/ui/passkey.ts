/**
 * `<form data-passkey="create|get" data-passkey-options="…">`: asks the browser for a passkey and sends its answer.
 *
 * The options come from the server, byte strings in base64url; the answer goes back the same way, in the field
 * `credential`. `[data-passkey-go]` is disabled until a script can do it; a refusal shows `[data-passkey-failed]`.
 */
export function passkey(): void {
  if (!window.PublicKeyCredential) {
    return;
  }
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
    const go = form.querySelector<HTMLButtonElement>("[data-passkey-go]");
    if (go) {
      go.disabled = false;
    }
  }
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const answer = form.querySelector<HTMLInputElement>("input[name=credential]");
    if (form.matches("form[data-passkey]") && answer && !answer.value) {
      event.preventDefault();
      void ask(form, answer);
    }
  });
}

async function ask(form: HTMLFormElement, answer: HTMLInputElement): Promise<void> {
  const failed = form.querySelector<HTMLElement>("[data-passkey-failed]");
  if (failed) {
    failed.hidden = true;
  }
  try {
    const options = JSON.parse(form.dataset.passkeyOptions ?? "{}").publicKey;
    options.challenge = bytes(options.challenge);
    for (const known of [...(options.excludeCredentials ?? []), ...(options.allowCredentials ?? [])]) {
      known.id = bytes(known.id);
    }
    if (options.user) {
      options.user.id = bytes(options.user.id);
    }
    const made =
      form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: options })
        : await navigator.credentials.get({ publicKey: options });
    answer.value = JSON.stringify(told(made as PublicKeyCredential));
    form.requestSubmit();
  } catch {
    if (failed) {
      failed.hidden = false;
    }
  }
}

function told(made: PublicKeyCredential): object {
  const parts: Record<string, string> = {};
  const response = made.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"] as const) {
    if (response[name]) {
      parts[name] = text(response[name]);
    }
  }
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    response: parts,
    clientExtensionResults: made.getClientExtensionResults(),
  };
}

function bytes(encoded: string): Uint8Array<ArrayBuffer> {
  const plain = atob(encoded.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}
