// Makes the digits and capitals of a font as glyphs for MapLibre: one message of signed distance fields, as its `glyphs` address
// serves it. Source: node-fontnik's glyphs.proto, whose sizes MapLibre assumes.

import opentype from "opentype.js";

const EM = 24;
const BORDER = 3;
// A byte of the field is a distance of at most 6 pixels outside or 2 pixels inside the outline.
const RADIUS = 8;
const CUTOFF = 0.25;
const CURVE_STEPS = 8;

const CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

export function makeGlyphs(font, name) {
  const parsed = opentype.parse(new Uint8Array(font).buffer);
  const ascender = Math.round((parsed.ascender / parsed.unitsPerEm) * EM);
  const glyphs = Array.from(CHARACTERS, (character) => {
    const glyph = parsed.charToGlyph(character);
    const field = drawField(listSegments(glyph.getPath(0, 0, EM).commands));
    return message(
      number(1, character.codePointAt(0)),
      bytes(2, field.bitmap),
      number(3, field.width),
      number(4, field.height),
      number(5, zigzag(field.left)),
      number(6, zigzag(field.top - ascender)),
      number(7, Math.round((glyph.advanceWidth / parsed.unitsPerEm) * EM)),
    );
  });
  return bytes(1, message(text(1, name), text(2, "0-255"), ...glyphs.map((glyph) => bytes(3, glyph))));
}

// The outline as straight segments [x1, y1, x2, y2] in pixels, y downwards from the base line.
function listSegments(commands) {
  const segments = [];
  let start, last;
  const lineTo = (point) => {
    segments.push([...last, ...point]);
    last = point;
  };
  for (const command of commands) {
    const end = [command.x, command.y];
    if (command.type === "M") start = last = end;
    else if (command.type === "Z") lineTo(start);
    else if (command.type === "L") lineTo(end);
    else {
      const controls = command.type === "Q" ? [[command.x1, command.y1]] : [[command.x1, command.y1], [command.x2, command.y2]];
      const curve = [last, ...controls, end];
      for (let step = 1; step <= CURVE_STEPS; step++) lineTo(pointAt(curve, step / CURVE_STEPS));
    }
  }
  return segments;
}

// De Casteljau's point of a curve of any degree.
function pointAt(curve, part) {
  if (curve.length === 1) return curve[0];
  const between = curve.slice(1).map(([x, y], at) => [
    curve[at][0] + (x - curve[at][0]) * part,
    curve[at][1] + (y - curve[at][1]) * part,
  ]);
  return pointAt(between, part);
}

function drawField(segments) {
  const xs = segments.flatMap(([x1, , x2]) => [x1, x2]);
  const ys = segments.flatMap(([, y1, , y2]) => [y1, y2]);
  const [left, upper] = [Math.floor(Math.min(...xs)), Math.floor(Math.min(...ys))];
  const [width, height] = [Math.ceil(Math.max(...xs)) - left, Math.ceil(Math.max(...ys)) - upper];
  const bitmap = [];
  for (let y = upper - BORDER + 0.5; y < upper + height + BORDER; y++) {
    for (let x = left - BORDER + 0.5; x < left + width + BORDER; x++) {
      const outside = isInside(segments, x, y) ? -1 : 1;
      const distance = outside * Math.min(...segments.map((segment) => distanceTo(segment, x, y)));
      bitmap.push(Math.max(0, Math.min(255, Math.round(255 - 255 * (distance / RADIUS + CUTOFF)))));
    }
  }
  return { bitmap, width, height, left, top: -upper };
}

function distanceTo([x1, y1, x2, y2], x, y) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const part = length ? Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / length)) : 0;
  return Math.hypot(x1 + part * dx - x, y1 + part * dy - y);
}

// The non-zero rule, as fonts are filled.
function isInside(segments, x, y) {
  let winding = 0;
  for (const [x1, y1, x2, y2] of segments) {
    if (y1 <= y === y2 <= y) continue;
    if (x1 + ((y - y1) / (y2 - y1)) * (x2 - x1) > x) winding += y2 > y1 ? 1 : -1;
  }
  return winding !== 0;
}

// Protocol Buffers: fields as arrays of bytes.
function varint(value) {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
function number(field, value) {
  return [field * 8, ...varint(value)];
}
function bytes(field, content) {
  return [field * 8 + 2, ...varint(content.length), ...content];
}
function text(field, content) {
  return bytes(field, new TextEncoder().encode(content));
}
function zigzag(value) {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
function message(...fields) {
  return fields.flat();
}
