/** A place to sign with a finger: lines of whole numbers in a box 1000 wide and 400 high. */
export interface Pad {
  readonly strokes: number[][][];
  clear(): void;
}

const WIDE = 1000;
const HIGH = 400;
const MOST = 1_900; // points: the server takes 2,000
const NEAR = 5;

export function pad(box: HTMLElement, changed: (strokes: number[][][]) => void = () => undefined): Pad | undefined {
  const canvas = box.querySelector<HTMLCanvasElement>("[data-canvas]");
  const pen = canvas?.getContext("2d");
  if (!canvas || !pen) {
    return undefined;
  }
  let strokes: number[][][] = [];
  let line: number[][] | undefined;

  const point = (event: PointerEvent): number[] => {
    const box = canvas.getBoundingClientRect();
    const within = (part: number, most: number) => Math.round(Math.min(1, Math.max(0, part)) * most);
    return [within((event.clientX - box.left) / box.width, WIDE), within((event.clientY - box.top) / box.height, HIGH)];
  };
  const draw = (from: number[], to: number[]) => {
    pen.strokeStyle = getComputedStyle(canvas).color;
    pen.lineWidth = 7;
    pen.lineCap = pen.lineJoin = "round";
    pen.beginPath();
    pen.moveTo(from[0]!, from[1]!);
    pen.lineTo(to[0]!, to[1]!);
    pen.stroke();
  };
  const add = (to: number[]) => {
    const from = line?.[line.length - 1];
    const many = strokes.reduce((sum, one) => sum + one.length, 0);
    if (line && from && many < MOST && Math.hypot(to[0]! - from[0]!, to[1]! - from[1]!) >= NEAR) {
      draw(from, to);
      line.push(to);
    }
  };
  const end = () => {
    if (line?.length === 1) {
      const [x = 0, y = 0] = line[0]!;
      const dot = [x < WIDE ? x + 1 : x - 1, y];
      draw(line[0]!, dot);
      line.push(dot);
    }
    if (line) {
      changed(strokes);
    }
    line = undefined;
  };

  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    line = [point(event)];
    strokes.push(line);
  });
  canvas.addEventListener("pointermove", (event) => line && add(point(event)));
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);

  const clear = () => {
    strokes = [];
    line = undefined;
    pen.clearRect(0, 0, WIDE, HIGH);
    changed(strokes);
  };
  box.querySelector("[data-clear]")?.addEventListener("click", clear);
  return {
    get strokes() {
      return strokes;
    },
    clear,
  };
}
