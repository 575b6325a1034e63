/** Small pictures for the map: numerals of grades, and one character for each kind of instrument. */
import { GRADES, NUMERAL } from "../../../parts/grades";
import type { Palette } from "../../../app/palette";
import type { Ink } from "./PointLayer";

const SIZE = 48;

/** Returns the character that stands for a kind: its own sign, else the first of its name that says something. */
export function signOf(name: string, own: string): string {
  if (own) return own;
  const letter = /\p{Script=Han}|\p{L}/u.exec(name)?.[0];
  return (letter ?? "·").toUpperCase();
}

function picture(g: CanvasRenderingContext2D, sign: string): ImageData {
  g.fillStyle = "#000";
  g.fillRect(0, 0, SIZE, SIZE);
  g.fillStyle = "#fff";
  g.font = `700 ${SIZE * 0.86}px "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif`;
  g.textAlign = "center";
  g.textBaseline = "middle";
  g.fillText(sign, SIZE / 2, SIZE / 2 + SIZE * 0.04, SIZE);
  return g.getImageData(0, 0, SIZE, SIZE);
}

/** Returns the numerals of the tones blue to red, then the signs of the kinds. */
export function glyphPictures(signs: string[]): ImageData[] {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const g = canvas.getContext("2d", { willReadFrequently: true });
  if (!g) return [];
  return [...[...GRADES].reverse().map((grade) => NUMERAL[grade]), ...signs].map((sign) => picture(g, sign));
}

/** Returns red, green, blue and alpha (0…1) of a colour of the style sheet. */
export function rgba(hex: string, alpha = 1): number[] {
  const digits = hex.replace("#", "");
  const full = digits.length === 3 ? [...digits].map((d) => d + d).join("") : digits;
  return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16) / 255).concat(alpha);
}

/** Returns the colours of the tones in their order. */
export const inkOf = (colour: Palette): Ink => ({
  tones: [
    rgba(colour.accent, 0.6),
    rgba(colour["text-3"]),
    rgba(colour["text-3"]),
    rgba(colour["level-red"]),
    ...[...GRADES].reverse().map((grade) => rgba(colour[`level-${grade}`])),
  ],
  halo: rgba(colour["map-halo"]),
  glyphs: [rgba(colour.surface), rgba("#1c1600")],
});
