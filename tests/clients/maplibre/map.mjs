// Words of the address: the version of MapLibre, the style and the zoom.
const asked = new URLSearchParams(location.search);
const version = asked.get("version");
const library = `/map/maplibre-${version}`;

async function loadLibrary() {
  if (version >= 6) return import(`${library}/maplibre-gl.mjs`);
  // Under a policy of content an older version has its worker in a file of its own.
  await import(`${library}/maplibre-gl-csp.js`);
  const worker = `${library}/maplibre-gl-csp-worker.js`;
  if (maplibregl.setWorkerUrl) maplibregl.setWorkerUrl(worker);
  else maplibregl.workerUrl = worker;
  return maplibregl;
}

const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${library}/maplibre-gl.css` });
document.head.append(sheet);
await new Promise((resolve) => sheet.addEventListener("load", resolve));
const { Map } = await loadLibrary();
globalThis.map = new Map({
  container: "map",
  style: asked.get("style"),
  center: [4.8952, 52.3702],
  zoom: Number(asked.get("zoom") ?? 10.4),
  // The test reads the picture back; the option moved in version 5.
  preserveDrawingBuffer: true,
  canvasContextAttributes: { preserveDrawingBuffer: true },
});
// Programs that listen to errors get them in place of the console.
globalThis.complaints = [];
globalThis.map.on("error", ({ error }) => globalThis.complaints.push(String(error)));
globalThis.map.once("idle", () => {
  document.body.dataset.drawn = "yes";
});
