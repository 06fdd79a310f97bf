// The map of a page: the register's own tiles and style on the background of the register.

import { AttributionControl, addProtocol, Map, Marker, NavigationControl, Point, ScaleControl, setWorkerUrl } from "maplibre-gl";
import { Protocol } from "pmtiles";
import { PanControl } from "./pan_control.js";
import { followView } from "./in_view.js";
import { MARGIN_ACROSS, MARGIN_DOWN } from "./margins.js";
import { say } from "./notice.js";
import { addOutlines } from "./outlines.js";
import { pickPlace } from "./pick_place.js";
import { showPlanned } from "./planned.js";
import { showSensorsOnPress } from "./popups.js";
import { composeStyle } from "./style.js";

// The map, when it has taken the place of its picture: its focus, and a press on it.
export async function showMap(element) {
  const { dataset } = element;
  const words = JSON.parse(dataset.words);
  // Where the operator's background is a file of tiles, the library requests its parts.
  addProtocol("pmtiles", new Protocol().tile);
  setWorkerUrl(new URL(dataset.worker, location.href).href);
  const { style, isFallback } = await composeStyle(dataset);
  const frame = element.querySelector("[data-map-canvas]");
  const { clientWidth, clientHeight } = frame;
  // A view that a person chose is shown as it was: with margins it would grow each time that it is shown again.
  const [across, down] = "isView" in dataset ? [0, 0] : [clientWidth * MARGIN_ACROSS, clientHeight * MARGIN_DOWN];
  const map = new Map({
    container: frame.querySelector("[data-map-live]"),
    style,
    bounds: JSON.parse(dataset.bounds),
    fitBoundsOptions: { padding: { top: down, right: across, bottom: down, left: across } },
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
  const isNarrow = clientWidth < 500;
  map.addControl(new AttributionControl({ compact: isNarrow }));
  // A row at the top, above what the map is fitted to: the buttons cover no sensors of the first view.
  map.addControl(new PanControl(words), "top-left");
  const marker = addMarker(map, dataset, words);
  map.once("load", () => addOutlines(map, dataset));
  const press = choosePress(map, element, marker);
  followView(map, element);
  sayWhatIsMissing(map, element, words);
  if (isFallback) {
    say(element, "background", words["Map.NoBackground"]);
    map.once("movestart", () => say(element, "background", ""));
  }
  // Other results bring a map of their own.
  document.addEventListener("results-swapped", () => element.isConnected || map.remove(), { once: true });
  if (isNarrow) keepSourcesClosed(map, frame);
  map.once("idle", () => element.setAttribute("data-map-drawn", ""));
  await map.once("load");
  // The picture stays until the map is drawn whole, so that nothing flashes.
  element.classList.add("map--shown");
  element.dispatchEvent(new CustomEvent("map-shown", { detail: map }));
  return { focus: () => map.getCanvas().focus(), press: (originalEvent, x, y) => press({ point: new Point(x, y), originalEvent }) };
}

// What a press does: it picks a place, names a row of an import, or opens a sensor.
function choosePress(map, element, marker) {
  if ("picksPlace" in element.dataset) return pickPlace(map, element, marker);
  return "features" in element.dataset ? showPlanned(map, element) : showSensorsOnPress(map, element);
}

// A part of the map that cannot be had leaves a hole, which looks like a place without sensors.
function sayWhatIsMissing(map, element, words) {
  let isMissing = false;
  map.on("error", () => {
    isMissing = true;
    say(element, "parts", words["Map.Incomplete"]);
  });
  map.on("movestart", () => {
    isMissing = false;
  });
  map.on("idle", () => isMissing || say(element, "parts", ""));
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

function addMarker(map, dataset, words) {
  const marker = new Marker({ color: "#0a5a61" });
  marker.getElement().setAttribute("aria-label", words["Marker.Title"]);
  if (dataset.spot) marker.setLngLat(JSON.parse(dataset.spot)).addTo(map);
  return marker;
}
