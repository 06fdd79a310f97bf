// What a press on the map shows: a cluster opens, a sensor names itself. The list of sensors has the same links.

import { Popup } from "maplibre-gl";
import { fetchDocument, findRegion } from "../region.js";
import { say } from "./notice.js";

const REACH_PIXELS = 6;
const DEEPEST_CLUSTERS = 16;
const MAX_SENSORS = 50;

// Gives what a press does, for one on the picture of the map.
export function showSensorsOnPress(map, element) {
  const { inView, query, words } = element.dataset;
  const find = ({ x, y }) => {
    const corners = [
      [x - REACH_PIXELS, y - REACH_PIXELS],
      [x + REACH_PIXELS, y + REACH_PIXELS],
    ];
    return map.queryRenderedFeatures(corners).filter((one) => one.source === "sensors");
  };
  map.on("mousemove", ({ point }) => {
    map.getCanvas().style.cursor = find(point).length ? "pointer" : "";
  });
  const press = async ({ point, originalEvent }) => {
    const features = find(point);
    if (!features.length) return;
    const [{ geometry, properties }] = features;
    if (properties.count && map.getZoom() < DEEPEST_CLUSTERS) {
      map.easeTo({ center: geometry.coordinates, zoom: map.getZoom() + 2 }, { originalEvent });
      return;
    }
    const codes = new Set(features.map((one) => one.properties.publicCode).filter(Boolean));
    const asOf = new URLSearchParams(query).get("asOf");
    const search = new URLSearchParams({ publicCode: Array.from(codes).slice(0, MAX_SENSORS).join(), ...(asOf && { asOf }) });
    if (!codes.size) return;
    try {
      const list = findRegion(await fetchDocument(`${inView}?${search}`), "in-view").querySelector("ul");
      new Popup({ maxWidth: "18rem" }).setLngLat(geometry.coordinates).setDOMContent(document.adoptNode(list)).addTo(map);
      say(element, "names", "");
    } catch {
      say(element, "names", JSON.parse(words)["Map.Incomplete"]);
    }
  };
  map.on("click", press);
  return press;
}
