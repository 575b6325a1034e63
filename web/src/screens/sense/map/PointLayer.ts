/** A map layer that draws a hundred thousand sensors at once: places are handed over once, looks when they change. */
import type { CustomLayerInterface, CustomRenderMethodInput, Map as MapLibre } from "maplibre-gl";

import { layersOf, programOf, type Program } from "./gl";
import { shifted, type Places } from "./mercator";
import { FRAGMENT, VERTEX } from "./shader";

export interface Ink {
  /** Colours of the tones in their order, of the halo, and of glyphs on dark and on light; each 0…1 RGBA. */
  tones: number[][];
  halo: number[];
  glyphs: [number[], number[]];
}

/** Sizes in CSS pixels at a zoom: of a calm point, of an alarm. */
export function sizes(zoom: number): [number, number] {
  const at = (stops: [number, number][]): number => {
    const after = stops.findIndex(([z]) => z > zoom);
    if (after === 0) return stops[0]?.[1] ?? 0;
    const [from, to] = [stops[(after < 0 ? stops.length : after) - 1], stops[after]];
    if (!from || !to) return from?.[1] ?? 0;
    return from[1] + ((zoom - from[0]) / (to[0] - from[0])) * (to[1] - from[1]);
  };
  return [at([[7, 1.6], [9, 2.6], [11, 5], [12.5, 11], [14, 17], [16, 22]]), at([[7, 4.5], [9, 8], [11, 14], [12.5, 19], [14, 25], [16, 30]])];
}

const GLYPH_FROM = 14;
const UNIFORMS = ["u_matrix", "u_size", "u_glyph_from", "u_chosen", "u_tones", "u_halo", "u_ink", "u_glyphs"] as const;

interface Drawn extends Program {
  vao: WebGLVertexArrayObject;
  places: WebGLBuffer;
  looks: WebGLBuffer;
  rows: WebGLBuffer;
  glyphs: WebGLTexture | null;
}

export class PointLayer implements CustomLayerInterface {
  readonly type = "custom" as const;
  readonly renderingMode = "2d" as const;
  private map: MapLibre | null = null;
  private gl: WebGL2RenderingContext | null = null;
  private drawn: Drawn | null = null;
  private origin: [number, number] = [0, 0];
  private count = 0;
  private chosen = -1;

  constructor(
    readonly id: string,
    private readonly ink: Ink,
  ) {}

  onAdd(map: MapLibre, gl: WebGL2RenderingContext): void {
    this.map = map;
    this.gl = gl;
    const made = programOf(gl, VERTEX, FRAGMENT, UNIFORMS);
    const vao = gl.createVertexArray();
    const [places, looks, rows] = [gl.createBuffer(), gl.createBuffer(), gl.createBuffer()];
    gl.bindVertexArray(vao);
    const place = gl.getAttribLocation(made.program, "a_place");
    const look = gl.getAttribLocation(made.program, "a_look");
    gl.bindBuffer(gl.ARRAY_BUFFER, places);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, 2, gl.FLOAT, false, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, looks);
    gl.enableVertexAttribArray(look);
    gl.vertexAttribIPointer(look, 2, gl.UNSIGNED_BYTE, 0, 0);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, rows);
    gl.bindVertexArray(null);
    this.drawn = { ...made, vao, places, looks, rows, glyphs: null };
  }

  onRemove(): void {
    const { gl, drawn } = this;
    this.gl = this.drawn = this.map = null;
    if (!gl || !drawn) return;
    for (const buffer of [drawn.places, drawn.looks, drawn.rows]) gl.deleteBuffer(buffer);
    gl.deleteTexture(drawn.glyphs);
    gl.deleteVertexArray(drawn.vao);
    gl.deleteProgram(drawn.program);
  }

  private fill(target: "places" | "looks" | "rows", data: Float32Array | Uint8Array | Uint32Array): void {
    const { gl, drawn } = this;
    if (!gl || !drawn) return;
    const kind = target === "rows" ? gl.ELEMENT_ARRAY_BUFFER : gl.ARRAY_BUFFER;
    gl.bindVertexArray(target === "rows" ? drawn.vao : null); // the rows' binding belongs to the array object
    gl.bindBuffer(kind, drawn[target]);
    gl.bufferData(kind, data, gl.DYNAMIC_DRAW);
    gl.bindVertexArray(null);
    this.map?.triggerRepaint();
  }

  setPlaces({ origin, xy }: Places): void {
    this.origin = origin;
    this.fill("places", xy);
  }

  /** Two bytes a sensor: the layer of its glyph, and its tone. */
  setLooks(looks: Uint8Array): void {
    this.fill("looks", looks);
  }

  setRows(rows: Uint32Array): void {
    this.count = rows.length;
    this.fill("rows", rows);
  }

  setChosen(row: number): void {
    this.chosen = row;
    this.map?.triggerRepaint();
  }

  /** Glyphs as square pictures of one size, whose red channel is ink; numerals of the grades first. */
  setGlyphs(pictures: ImageData[]): void {
    const { gl, drawn } = this;
    if (!gl || !drawn || pictures.length === 0) return;
    gl.deleteTexture(drawn.glyphs);
    drawn.glyphs = layersOf(gl, pictures);
  }

  render(gl: WebGL2RenderingContext, { defaultProjectionData }: CustomRenderMethodInput): void {
    const { drawn, map } = this;
    if (!drawn || !map || this.count === 0) return;
    const at = (name: (typeof UNIFORMS)[number]): WebGLUniformLocation | null => drawn.uniforms[name] ?? null;
    const ratio = map.getPixelRatio();
    const [calm, alarm] = sizes(map.getZoom());
    gl.useProgram(drawn.program);
    gl.uniformMatrix4fv(at("u_matrix"), false, shifted(defaultProjectionData.mainMatrix as ArrayLike<number>, this.origin));
    gl.uniform2f(at("u_size"), calm * ratio, alarm * ratio);
    gl.uniform1f(at("u_glyph_from"), GLYPH_FROM * ratio);
    gl.uniform1i(at("u_chosen"), this.chosen);
    gl.uniform4fv(at("u_tones"), this.ink.tones.flat());
    gl.uniform4fv(at("u_halo"), this.ink.halo);
    gl.uniform4fv(at("u_ink"), this.ink.glyphs.flat());
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, drawn.glyphs);
    gl.uniform1i(at("u_glyphs"), 0);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.bindVertexArray(drawn.vao);
    gl.drawElements(gl.POINTS, this.count, gl.UNSIGNED_INT, 0);
    gl.bindVertexArray(null);
  }
}
