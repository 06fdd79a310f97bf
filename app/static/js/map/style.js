// The style of the map: the background of this register, and the sensors of a search as its API draws them.

const FLAT = {
  isFallback: true,
  sources: {},
  layers: [{ id: "background", type: "background", paint: { "background-color": "#eef2f1" } }],
};

async function fetchJson(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}

// Addresses in the background's style are relative to its own; the library wants whole ones.
function resolveSource(source, base) {
  const resolve = (address) => address.replace(/^(pmtiles:\/\/)?/, (scheme) => scheme + base);
  const { tiles, url, ...rest } = source;
  return { ...rest, ...(tiles && { tiles: tiles.map(resolve) }), ...(url && { url: resolve(url) }) };
}

// Gives the style, and whether the background of the operator could not be had.
export async function composeStyle({ api, basemap, query }) {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const [background, sensors] = await Promise.all([
    fetchJson(`${basemap}${dark ? "&scheme=dark" : ""}`).catch(() => FLAT),
    fetchJson(`${api}/styles/sensors?${query}`),
  ]);
  // The style has the public address of the register, which may differ from the one that the reader uses.
  const publicApi = sensors.glyphs.slice(0, sensors.glyphs.indexOf("/styles/"));
  const tiles = await fetchJson(sensors.sources.sensors.url.replace(publicApi, api));
  const source = {
    type: "vector",
    tiles: tiles.tiles.map((one) => one.replace(publicApi, new URL(api, location.href).href)),
    minzoom: tiles.minzoom,
    maxzoom: tiles.maxzoom,
    // Outside these the register has no tiles, and answers that there are none.
    bounds: tiles.bounds,
  };
  const base = new URL(".", new URL(basemap, location.href)).href;
  const sources = Object.entries(background.sources).map(([name, one]) => [name, resolveSource(one, base)]);
  const style = {
    version: 8,
    // Without `glyphs` the library draws all labels with the fonts that the reader has.
    sources: { ...Object.fromEntries(sources), sensors: source },
    layers: [...background.layers, ...sensors.layers],
  };
  return { style, isFallback: Boolean(background.isFallback) };
}
