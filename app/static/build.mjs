// Makes app/static/build/: one style sheet, icons, small scripts, the map's digits and the API documentation, each under a name
// with the hash of its content, so that browsers cache them for ever; manifest.json lists the names.

import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { makeDigits } from "./glyphs.mjs";
import { makeSprite } from "./sprite.mjs";

const sources = dirname(fileURLToPath(import.meta.url));
const output = join(sources, "build");
const locate = createRequire(import.meta.url).resolve;
const browsers = ["chrome109", "firefox115", "safari15.6"];

const noto = dirname(locate("@fontsource/noto-sans/package.json"));
const tabler = dirname(locate("@tabler/icons/package.json"));
const swagger = dirname(locate("swagger-ui-dist/package.json"));
const copied = [
  join(sources, "favicon.svg"),
  join(swagger, "swagger-ui.css"),
  join(swagger, "swagger-ui-bundle.js"),
  join(swagger, "swagger-ui-bundle.js.LICENSE.txt"),
  join(swagger, "LICENSE"),
  join(swagger, "NOTICE"),
];

async function bundle(file) {
  const result = await esbuild.build({
    entryPoints: [join(sources, file)],
    bundle: true,
    write: false,
    target: browsers,
    format: file.endsWith(".js") ? "iife" : undefined,
    legalComments: "eof",
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

async function makeStyleSheet() {
  const site = await bundle("css/site.css");
  const theme = await readFile(locate("@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css"), "utf8");
  return (await minify(selectUsedTokens(theme, site))) + (await minify(site));
}

async function makeScript(file) {
  const result = await esbuild.transform(await bundle(file), { minify: true, target: browsers });
  return result.code;
}

// The labels of the map's style need digits only.
async function makeGlyphs() {
  const font = await readFile(join(noto, "files", "noto-sans-latin-700-normal.woff"));
  return Uint8Array.from(makeDigits(font, "Noto Sans Bold"));
}

const files = new Map([
  ["site.css", await makeStyleSheet()],
  ["icons.svg", await makeSprite(join(sources, "icons.txt"), tabler)],
  ["icons-LICENSE", await readFile(join(tabler, "LICENSE"))],
  ["nearby.js", await makeScript("js/nearby.js")],
  ["sensor.js", await makeScript("js/sensor.js")],
  ["documentation.js", await makeScript("js/documentation.js")],
  ["noto-sans-bold-digits.pbf", await makeGlyphs()],
  ["noto-sans-LICENSE", await readFile(join(noto, "LICENSE"))],
]);
for (const path of copied) {
  const name = path.startsWith(swagger) && !basename(path).startsWith("swagger") ? `swagger-ui-${basename(path)}` : basename(path);
  files.set(name, await readFile(path));
}

await rm(output, { recursive: true, force: true });
await mkdir(output, { recursive: true });
const manifest = {};
for (const [name, content] of files) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const suffix = extname(name);
  manifest[name] = `${basename(name, suffix)}.${hash}${suffix}`;
  await writeFile(join(output, manifest[name]), content);
}
await writeFile(join(output, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
