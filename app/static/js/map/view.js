// The map of a page: the register's own tiles and style on the background of the register.

import { AttributionControl, addProtocol, Map, Marker, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import { Protocol } from "pmtiles";
import { PanControl } from "./pan_control.js";
import { followView } from "./in_view.js";
import { addOutlines } from "./outlines.js";
import { showSensorsOnPress } from "./popups.js";
import { composeStyle } from "./style.js";

export async function showMap(element) {
  const { dataset } = element;
  const words = JSON.parse(dataset.words);
  // Where the operator's background is a file of tiles, the library requests its parts.
  addProtocol("pmtiles", new Protocol().tile);
  setWorkerUrl(new URL(dataset.worker, location.href).href);
  const style = await composeStyle(dataset);
  const canvas = element.querySelector("[data-map-canvas]");
  canvas.replaceChildren();
  const map = new Map({
    container: canvas,
    style,
    bounds: JSON.parse(dataset.bounds),
    fitBoundsOptions: { padding: { top: 56, right: 24, bottom: 32, left: 24 }, maxZoom: 17 },
    maxZoom: 19,
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    // The keyboard moves and zooms; it needs no rotation either.
    locale: { ...words, "Map.Title": dataset.label },
    attributionControl: false,
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ maxWidth: 100 }), "bottom-left");
  const isNarrow = canvas.clientWidth < 500;
  map.addControl(new AttributionControl({ compact: isNarrow }));
  // A row at the top, above what the map is fitted to: the buttons cover no sensors of the first view.
  map.addControl(new PanControl(words), "top-left");
  addMarkers(map, dataset, words);
  map.once("load", () => addOutlines(map, dataset));
  showSensorsOnPress(map, dataset);
  followView(map, element);
  element.classList.add("map--shown");
  // Other results bring a map of their own.
  document.addEventListener("results-swapped", () => element.isConnected || map.remove(), { once: true });
  if (isNarrow) keepSourcesClosed(map, canvas);
  map.once("idle", () => element.setAttribute("data-map-drawn", ""));
}

// On a narrow map the sources would hide it: they open on a press. The library opens them with the first one that it loads.
function keepSourcesClosed(map, canvas) {
  const close = () => canvas.querySelector(".maplibregl-compact-show")?.classList.remove("maplibregl-compact-show");
  const events = ["styledata", "sourcedata"];
  for (const event of events) map.on(event, close);
  map.once("load", () => {
    for (const event of events) map.off(event, close);
  });
}

function addMarkers(map, dataset, words) {
  if (!dataset.spot) return;
  const marker = new Marker({ color: "#0a5a61" }).setLngLat(JSON.parse(dataset.spot)).addTo(map);
  marker.getElement().setAttribute("aria-label", words["Marker.Title"]);
}
