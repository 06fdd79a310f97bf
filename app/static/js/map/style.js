// The style of the map: the background of this register, and the sensors of a search as its API draws them.

const FLAT = {
  sources: {},
  layers: [{ id: "background", type: "background", paint: { "background-color": "#eef2f1" } }],
};

async function fetchJson(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}

export async function composeStyle({ api, basemap, query }) {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const [background, sensors] = await Promise.all([
    fetchJson(`${basemap}${dark ? "?scheme=dark" : ""}`).catch(() => FLAT),
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
  };
  return {
    version: 8,
    // Without `glyphs` the library draws all labels with the fonts that the reader has.
    sources: { ...background.sources, sensors: source },
    layers: [...background.layers, ...sensors.layers],
  };
}
