// Makes one SVG file of the icons that icons.txt names, each a symbol with its name as id.

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const STROKES = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';

// `tabler` is the folder of the package @tabler/icons.
export async function makeSprite(list, tabler) {
  const names = (await readFile(list, "utf8")).split("\n").filter(Boolean);
  const symbols = await Promise.all(names.map((name) => makeSymbol(name, join(tabler, "icons", "outline", `${name}.svg`))));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

async function makeSymbol(name, file) {
  const svg = await readFile(file, "utf8");
  const shapes = svg.slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>"));
  // The first path of every icon is an invisible square.
  const drawn = shapes.replace(/<path stroke="none"[^>]*>/, "").replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24" ${STROKES}>${drawn}</symbol>`;
}
