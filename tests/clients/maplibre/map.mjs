import { Map } from "./library/maplibre-gl.mjs";

const asked = new URLSearchParams(location.search);
globalThis.map = new Map({
  container: "map",
  style: asked.get("style"),
  center: [4.8952, 52.3702],
  zoom: Number(asked.get("zoom") ?? 10.4),
  // The test reads the picture back.
  canvasContextAttributes: { preserveDrawingBuffer: true },
});
globalThis.map.once("idle", () => {
  document.body.dataset.drawn = "yes";
});
