// The rows of an import on the map before they are applied: a letter for what would happen, and a line for each move.

import { Popup } from "maplibre-gl";
import { say } from "./notice.js";

const COLOURS = ["match", ["get", "outcome"], "new", "#0a5a61", "changed", "#154273", "#b3261e"];
const REACH_PIXELS = 6;

// Gives what a press does.
export function showPlanned(map, element) {
  const { url, signs, names, row } = JSON.parse(element.dataset.features);
  map.once("load", () => draw(map, element, url, signs));
  const find = ({ x, y }) =>
    map.getLayer("planned")
      ? map.queryRenderedFeatures(
          [
            [x - REACH_PIXELS, y - REACH_PIXELS],
            [x + REACH_PIXELS, y + REACH_PIXELS],
          ],
          { layers: ["planned"] },
        )
      : [];
  const press = ({ point }) => {
    const features = find(point);
    if (!features.length) return;
    const list = Object.assign(document.createElement("ul"), { className: "plain-list" });
    for (const { properties } of features.slice(0, 20)) {
      const place = [properties.table, properties.row].filter((one) => one && one !== "null").join(" ");
      const words = [properties.reference, names[properties.outcome], `${row} ${place}`].filter((one) => one && one !== "null");
      list.append(Object.assign(document.createElement("li"), { textContent: words.join(", ") }));
    }
    new Popup({ maxWidth: "18rem" }).setLngLat(features[0].geometry.coordinates).setDOMContent(list).addTo(map);
  };
  map.on("mousemove", ({ point }) => {
    map.getCanvas().style.cursor = find(point).length ? "pointer" : "";
  });
  map.on("click", press);
  return press;
}

async function draw(map, element, url, signs) {
  // What is registered already would hide what is new.
  for (const { id, source } of map.getStyle().layers) {
    if (source === "sensors") map.setLayoutProperty(id, "visibility", "none");
  }
  let data;
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(url);
    data = await response.json();
  } catch {
    say(element, "parts", JSON.parse(element.dataset.words)["Map.Incomplete"]);
    return;
  }
  map.addSource("planned", { type: "geojson", data });
  map.addLayer({
    id: "planned-move",
    type: "line",
    source: "planned",
    filter: ["==", ["get", "outcome"], "move"],
    paint: { "line-color": "#154273", "line-width": 2, "line-dasharray": [2, 1] },
  });
  map.addLayer({
    id: "planned",
    type: "circle",
    source: "planned",
    filter: ["!=", ["get", "outcome"], "move"],
    paint: { "circle-color": COLOURS, "circle-radius": 9, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 },
  });
  map.addLayer({
    id: "planned-sign",
    type: "symbol",
    source: "planned",
    filter: ["!=", ["get", "outcome"], "move"],
    layout: {
      "text-field": ["match", ["get", "outcome"], "new", signs.new, "changed", signs.changed, signs.refused],
      "text-size": 12,
      "text-font": ["Noto Sans Bold"],
      "text-allow-overlap": true,
    },
    paint: { "text-color": "#ffffff" },
  });
}
