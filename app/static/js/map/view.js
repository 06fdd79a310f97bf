// The map of a page: the register's own tiles and style on the background of the register.

import { AttributionControl, Map, Marker, NavigationControl, ScaleControl, setWorkerUrl } from "maplibre-gl";
import { PanControl } from "./pan_control.js";
import { followView } from "./in_view.js";
import { addOutlines } from "./outlines.js";
import { showSensorsOnPress } from "./popups.js";
import { composeStyle } from "./style.js";

export async function showMap(element) {
  const { dataset } = element;
  const words = JSON.parse(dataset.words);
  setWorkerUrl(new URL(dataset.worker, location.href).href);
  const style = await composeStyle(dataset);
  const canvas = element.querySelector("[data-map-canvas]");
  canvas.replaceChildren();
  const map = new Map({
    container: canvas,
    style,
    bounds: JSON.parse(dataset.bounds),
    fitBoundsOptions: { padding: 24, maxZoom: 17 },
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
  map.addControl(new AttributionControl({ compact: canvas.clientWidth < 500 }));
  map.addControl(new PanControl(words), "bottom-right");
  addMarkers(map, dataset, words);
  map.once("load", () => addOutlines(map, dataset));
  showSensorsOnPress(map, dataset);
  followView(map, element);
  element.classList.add("map--shown");
  map.once("idle", () => element.setAttribute("data-map-drawn", ""));
}

function addMarkers(map, dataset, words) {
  if (!dataset.spot) return;
  const marker = new Marker({ color: "#0a5a61" }).setLngLat(JSON.parse(dataset.spot)).addTo(map);
  marker.getElement().setAttribute("aria-label", words["Marker.Title"]);
}
