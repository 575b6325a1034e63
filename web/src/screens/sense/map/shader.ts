/** The drawing of sensors on the graphics card: shape and mark tell kind and state, colour only repeats them. */

export const VERTEX = `#version 300 es
uniform mat4 u_matrix;
uniform vec2 u_size;    // of a calm point and of an alarm, in pixels of the screen
uniform int u_chosen;
in vec2 a_place;
in uvec2 a_look;        // kind, tone
flat out uint v_kind;
flat out uint v_tone;
flat out float v_size;
flat out float v_chosen;
void main() {
  gl_Position = u_matrix * vec4(a_place, 0.0, 1.0);
  v_kind = a_look.x;
  v_tone = a_look.y;
  v_chosen = gl_VertexID == u_chosen ? 1.0 : 0.0;
  float size = v_tone >= 3u ? u_size.y : u_size.x;
  v_size = size * (1.0 + 0.6 * v_chosen);
  gl_PointSize = v_size < 4.0 ? v_size : v_size + 2.0;
}`;

/** Distances are in pixels, so that edges stay one pixel soft at every size. */
export const FRAGMENT = `#version 300 es
precision highp float;
precision highp sampler2DArray;
uniform vec4 u_tones[8];
uniform vec4 u_halo;
uniform vec4 u_ink[2];   // of a glyph on a dark tone, on a light one
uniform sampler2DArray u_glyphs;
uniform float u_glyph_from;
flat in uint v_kind;
flat in uint v_tone;
flat in float v_size;
flat in float v_chosen;
out vec4 colour;

float shape(vec2 p, float r) {
  if (v_tone >= 3u) return (abs(p.x) + abs(p.y)) - r;                      // an alarm: a diamond
  if (v_tone == 2u) return max(abs(p.x), abs(p.y)) - r * 0.82;             // out of use: a square
  return length(p) - r;                                                    // in use: a disc
}

void main() {
  if (v_size < 4.0) {                                                       // too small for a shape to be seen
    vec4 plain = u_tones[v_tone];
    colour = vec4(plain.rgb * plain.a, plain.a);
    return;
  }
  vec2 p = (gl_PointCoord - 0.5) * (v_size + 2.0);
  float r = v_size * 0.5;
  float d = shape(p, r);
  float inside = 1.0 - smoothstep(-0.6, 0.6, d);
  if (inside <= 0.0) discard;
  vec4 tone = u_tones[v_tone];
  bool large = v_size >= u_glyph_from;
  float hollow = (v_tone == 1u || v_tone == 2u) ? smoothstep(-0.6, 0.6, -d - max(1.4, r * 0.24)) : 0.0;
  vec4 fill = mix(tone, large ? u_halo : vec4(u_halo.rgb, 0.35), hollow);
  float rim = v_size > 6.0 || v_chosen > 0.5 ? smoothstep(-0.6, 0.6, d + (1.0 + v_chosen)) : 0.0;
  fill = mix(fill, u_halo, rim * (1.0 - hollow) * 0.9);
  if (large) {
    float half_ = v_tone >= 3u ? r * 0.62 : r * 0.80;
    vec2 at = p / (2.0 * half_) + 0.5;
    if (all(greaterThan(at, vec2(0.0))) && all(lessThan(at, vec2(1.0)))) {
      float layer = v_tone >= 4u ? float(v_tone - 4u) : float(v_kind) + 4.0;
      float ink = texture(u_glyphs, vec3(at, layer)).r;
      vec4 with = hollow > 0.5 || v_tone == 1u || v_tone == 2u ? tone : (v_tone == 5u ? u_ink[1] : u_ink[0]);
      fill = mix(fill, with, ink);
    }
  }
  float alpha = fill.a * inside;
  colour = vec4(fill.rgb * alpha, alpha);
}`;
