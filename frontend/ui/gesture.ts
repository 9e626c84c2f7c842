/**
 * `[data-said-back]`: the gesture in a sentence, kept true to the choices of its form.
 *
 * The words are those of the page: each choice carries its own in `data-said`, with `{day}` and `{reason}` for what
 * its fields hold. Leaving the path plans nothing, unless she chooses otherwise.
 */
export function gesture(): void {
  const said = document.querySelector<HTMLElement>("[data-said-back]");
  const form = said?.closest("form");
  if (!said || !form) {
    return;
  }
  let chosen = false;
  const tell = () => {
    said.textContent = [sentence(form, "stage"), sentence(form, "following")].filter(Boolean).join(" ");
  };
  form.addEventListener("change", (event) => {
    const field = event.target as HTMLInputElement;
    chosen ||= field.name === "following";
    if (field.name === "stage" && !chosen) {
      const nothing = form.querySelector<HTMLInputElement>("[name=following][value=NOTHING]");
      const usual = form.querySelector<HTMLInputElement>("[name=following][checked]");
      const wanted = field.value === "SORT" ? nothing : usual;
      if (wanted) {
        wanted.checked = true;
      }
    }
    tell();
  });
  form.addEventListener("input", tell);
  form.addEventListener("citeslab:given", tell);
  tell();
}

function sentence(form: HTMLFormElement, name: string): string {
  const choice = form.querySelector(`[name=${name}]:checked`)?.closest<HTMLElement>("[data-said]");
  if (!choice) {
    return "";
  }
  const { said = "", day, hour, reason } = choice.dataset;
  const why = reason ? form.querySelector<HTMLSelectElement>(`#${reason}`) : null;
  const when = words(form, held(form, day), held(form, hour));
  const more = choice.querySelector<HTMLElement>("[data-day-said]");
  if (more && when) {
    more.textContent = when;
  }
  const because = why?.value ? (why.selectedOptions[0]?.text ?? "") : "…";
  return said.replace("{day}", when || "…").replace("{reason}", because);
}

const held = (form: HTMLFormElement, id: string | undefined): string =>
  (id && form.querySelector<HTMLInputElement>(`#${id}`)?.value) || "";

function words(form: HTMLFormElement, day: string, hour: string): string {
  if (!day) {
    return "";
  }
  const language = document.documentElement.lang;
  // At noon: no time zone moves the day.
  const on = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" })
    .format(new Date(`${day}T12:00`))
    .replace(/\b1 (?=\p{L})/u, language === "fr" ? "1er " : "1 ");
  if (!hour) {
    return on;
  }
  const [hours = "", minutes = ""] = hour.split(":");
  const clock =
    language === "fr"
      ? `${Number(hours)}\u00a0h\u00a0${minutes}`
      : new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" }).format(new Date(`2000-01-01T${hour}`));
  return (form.dataset.moment ?? "{day} {clock}").replace("{day}", on).replace("{clock}", clock);
}
