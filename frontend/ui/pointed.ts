/**
 * `<div data-pointed>`: a map where one points at a home, by pointer or by the arrow keys; its degrees go into the
 * form's `longitude` and `latitude`. Maps come in by htmx, so everything is heard from the document.
 */
const STEP = 6; // units of the drawing that an arrow key moves
const CLOSEST = 16;

export function pointed(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    const box = target.closest<HTMLElement>("[data-pointed]");
    const map = box?.querySelector<SVGSVGElement>("[data-map]");
    if (!box || !map) {
      return;
    }
    const button = target.closest<HTMLElement>("button");
    if (button?.dataset.zoom) {
      zoom(map, button.dataset.zoom === "in" ? 2 : 0.5);
    } else if (button?.hasAttribute("data-unpoint")) {
      put(box, map, null);
    } else if (map.contains(target)) {
      const matrix = map.getScreenCTM();
      if (matrix) {
        put(box, map, new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()));
      }
    }
  });

  document.addEventListener("keydown", (event) => {
    const map = (event.target as HTMLElement).closest<SVGSVGElement>("[data-map]");
    const box = map?.closest<HTMLElement>("[data-pointed]");
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const move = moves[event.key];
    if (map && box && move) {
      event.preventDefault();
      const from = here(map) ?? middle(map);
      const step = STEP / zoomOf(map);
      put(box, map, new DOMPoint(from.x + move[0] * step, from.y + move[1] * step));
    }
  });
}

function put(box: HTMLElement, map: SVGSVGElement, point: DOMPoint | null): void {
  const pin = map.querySelector("[data-pin]");
  const form = box.closest("form");
  const said = box.querySelector<HTMLElement>("[data-pointed-said]");
  const remove = box.querySelector<HTMLElement>("[data-unpoint]");
  const degrees = point && {
    longitude: Number(map.dataset.west) + point.x * Number(map.dataset.longitudePerUnit),
    latitude: Number(map.dataset.north) - point.y * Number(map.dataset.latitudePerUnit),
  };
  pin?.setAttribute("visibility", point ? "visible" : "hidden");
  if (point) {
    pin?.setAttribute("cx", String(point.x));
    pin?.setAttribute("cy", String(point.y));
  }
  for (const name of ["longitude", "latitude"] as const) {
    const field = form?.elements.namedItem(name);
    if (field instanceof HTMLInputElement) {
      field.value = degrees ? degrees[name].toFixed(6) : "";
    }
  }
  if (said) {
    said.textContent = point ? (said.dataset.done ?? "") : "";
  }
  if (remove) {
    remove.hidden = !point;
  }
}

function here(map: SVGSVGElement): DOMPoint | null {
  const pin = map.querySelector("[data-pin]");
  return pin?.getAttribute("visibility") === "visible"
    ? new DOMPoint(Number(pin.getAttribute("cx")), Number(pin.getAttribute("cy")))
    : null;
}

function middle(map: SVGSVGElement): DOMPoint {
  const { x, y, width, height } = map.viewBox.baseVal;
  return new DOMPoint(x + width / 2, y + height / 2);
}

function zoomOf(map: SVGSVGElement): number {
  return Number(map.dataset.zoomed ?? 1);
}

function zoom(map: SVGSVGElement, times: number): void {
  const before = zoomOf(map);
  const now = Math.min(CLOSEST, Math.max(1, before * times));
  const centre = here(map) ?? middle(map);
  const width = (map.viewBox.baseVal.width * before) / now;
  const height = (map.viewBox.baseVal.height * before) / now;
  const inside = (at: number, size: number, whole: number) => Math.min(whole - size, Math.max(0, at - size / 2));
  map.setAttribute(
    "viewBox",
    `${inside(centre.x, width, width * now)} ${inside(centre.y, height, height * now)} ${width} ${height}`,
  );
  map.dataset.zoomed = String(now);
  map.style.setProperty("--zoom", String(now));
  map.querySelector("[data-pin]")?.setAttribute("r", String(9 / now));
  // The scale stands in a corner of the whole map: closer, it would be out of sight or wrong.
  map.querySelector("[data-scale]")?.setAttribute("visibility", now === 1 ? "visible" : "hidden");
}
