/** The map's symbols, drawn by the page itself: shape tells the kind, a numeral the grade, colour only repeats it. */
import type { Palette } from "../app/palette";
import { isGrade, NUMERAL } from "../parts/grades";

const RATIO = 2;

interface Pen {
  g: CanvasRenderingContext2D;
  colour: Palette;
  size: number;
}

type Draw = (pen: Pen, rest: string[]) => void;

/** One letter for what a sensor measures; quantities not named here show as a plain dot. */
const LETTERS: [prefix: string, shape: "drop" | "wave" | "vane" | "round"][] = [
  ["rain", "drop"],
  ["ponding", "wave"],
  ["water", "wave"],
  ["tide", "wave"],
  ["wind", "vane"],
];

const shapeOf = (quantity: string): string => LETTERS.find(([prefix]) => quantity.startsWith(prefix))?.[1] ?? "round";

function levelColour(colour: Palette, grade: string | undefined): string {
  return isGrade(grade) ? colour[`level-${grade}`] : colour["text-3"];
}

function finish({ g, colour }: Pen, fill: string, width = 1.6): void {
  g.fillStyle = fill;
  g.fill();
  g.lineWidth = width;
  g.strokeStyle = colour["map-halo"];
  g.stroke();
}

function letter({ g, size }: Pen, word: string, ink: string, scale = 0.5): void {
  g.fillStyle = ink;
  g.font = `700 ${size * scale}px sans-serif`;
  g.textAlign = "center";
  g.textBaseline = "middle";
  g.fillText(word, size / 2, size / 2 + size * 0.03);
}

const diamond: Draw = (pen, [grade]) => {
  const { g, size, colour } = pen;
  const m = size / 2;
  const r = m - 2;
  g.beginPath();
  g.moveTo(m, m - r);
  g.lineTo(m + r, m);
  g.lineTo(m, m + r);
  g.lineTo(m - r, m);
  g.closePath();
  finish(pen, levelColour(colour, grade));
  letter(pen, isGrade(grade) ? NUMERAL[grade] : "!", grade === "yellow" ? "#1c1600" : "#fff", 0.42);
};

const SENSOR: Record<string, (g: CanvasRenderingContext2D, m: number, r: number) => void> = {
  drop: (g, m, r) => {
    g.moveTo(m, m - r);
    g.quadraticCurveTo(m + r, m, m + r * 0.72, m + r * 0.45);
    g.arc(m, m + r * 0.3, r * 0.74, 0.2, Math.PI - 0.2);
    g.quadraticCurveTo(m - r, m, m, m - r);
  },
  wave: (g, m, r) => {
    g.moveTo(m - r, m - r * 0.75);
    g.lineTo(m + r, m - r * 0.75);
    g.lineTo(m, m + r);
    g.closePath();
  },
  vane: (g, m, r) => {
    g.moveTo(m, m - r);
    g.lineTo(m + r * 0.8, m + r);
    g.lineTo(m, m + r * 0.45);
    g.lineTo(m - r * 0.8, m + r);
    g.closePath();
  },
  round: (g, m, r) => g.arc(m, m, r * 0.8, 0, 7),
};

const sensor: Draw = (pen, [quantity = "", grade]) => {
  const { g, size, colour } = pen;
  g.beginPath();
  (SENSOR[shapeOf(quantity)] ?? SENSOR.round)?.(g, size / 2, size / 2 - 2);
  finish(pen, isGrade(grade) ? levelColour(colour, grade) : colour.accent);
};

const house: Draw = (pen, [state]) => {
  const { g, size: s, colour } = pen;
  g.beginPath();
  g.moveTo(s / 2, 2);
  g.lineTo(s - 2, s * 0.46);
  g.lineTo(s - 5, s * 0.46);
  g.lineTo(s - 5, s - 2);
  g.lineTo(5, s - 2);
  g.lineTo(5, s * 0.46);
  g.lineTo(2, s * 0.46);
  g.closePath();
  finish(pen, state === "open" ? colour.done : colour["text-3"]);
};

const box: Draw = (pen) => {
  const { g, size: s, colour } = pen;
  g.beginPath();
  g.roundRect(3, 4, s - 6, s - 8, 2);
  finish(pen, colour["text-2"]);
  g.fillStyle = colour["map-halo"];
  g.fillRect(s * 0.36, s * 0.36, s * 0.28, 2.4);
};

const flag: Draw = (pen, [state]) => {
  const { g, size: s, colour } = pen;
  g.beginPath();
  g.roundRect(2, 2, s - 4, s - 4, 4);
  finish(pen, state === "late" ? colour.late : colour.accent);
};

const cyclone: Draw = ({ g, size: s, colour }) => {
  const m = s / 2;
  g.strokeStyle = colour.storm;
  g.lineWidth = 3;
  g.lineCap = "round";
  for (const turn of [0, Math.PI]) {
    g.beginPath();
    g.arc(m + Math.cos(turn) * s * 0.12, m + Math.sin(turn) * s * 0.12, s * 0.3, turn + Math.PI, turn + Math.PI * 1.95);
    g.stroke();
  }
  g.beginPath();
  g.arc(m, m, s * 0.14, 0, 7);
  g.fillStyle = colour.storm;
  g.fill();
};

const DRAWINGS: Record<string, { draw: Draw; size: number }> = {
  alarm: { draw: diamond, size: 28 },
  sensor: { draw: sensor, size: 16 },
  shelter: { draw: house, size: 20 },
  warehouse: { draw: box, size: 20 },
  task: { draw: flag, size: 22 },
  cyclone: { draw: cyclone, size: 40 },
};

/** Returns the picture of a symbol such as `alarm:red` or `sensor:rain_1h:none`; nothing for an unknown one. */
export function symbolImage(id: string, colour: Palette): ImageData | null {
  const [kind = "", ...rest] = id.split(":");
  const drawing = DRAWINGS[kind];
  if (!drawing) return null;
  const { draw, size } = drawing;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * RATIO;
  const g = canvas.getContext("2d");
  if (!g) return null;
  g.scale(RATIO, RATIO);
  draw({ g, colour, size }, rest);
  return g.getImageData(0, 0, canvas.width, canvas.height);
}

export const SYMBOL_RATIO = RATIO;
