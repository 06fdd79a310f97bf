// What the page highlights, drawn on the picture of the map: the same projection, fitted in the same way.

import { MARGIN_ACROSS, MARGIN_DOWN } from "./margins.js";

const SVG = "http://www.w3.org/2000/svg";

// Longitude and latitude in degrees to a square of 360 by 360, y downwards.
const project = ([longitude, latitude]) => [
  longitude,
  (-180 / Math.PI) * Math.asinh(Math.tan((latitude * Math.PI) / 180)),
];

function listRings({ type, coordinates, geometry, geometries, features }) {
  if (geometry) return listRings(geometry);
  if (geometries ?? features) return (geometries ?? features).flatMap(listRings);
  if (type === "Polygon") return coordinates;
  return type === "MultiPolygon" ? coordinates.flat() : [];
}

export function drawHighlight(element) {
  const { bounds, highlight } = element.dataset;
  if (!highlight) return;
  const [west, south, east, north] = JSON.parse(bounds);
  const [[left, bottom], [right, top]] = [project([west, south]), project([east, north])];
  const [width, height] = [(right - left) / (1 - 2 * MARGIN_ACROSS), (bottom - top) / (1 - 2 * MARGIN_DOWN)];
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 1000 ${(1000 * height) / width}`);
  svg.setAttribute("class", "map__highlight");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  const place = (position) => {
    const [x, y] = project(position);
    return [x - (left + right - width) / 2, y - (top + bottom - height) / 2].map((one) => ((1000 * one) / width).toFixed(1)).join(" ");
  };
  path.setAttribute("d", listRings(JSON.parse(highlight)).map((ring) => `M${ring.map(place).join("L")}Z`).join(""));
  svg.append(path);
  element.querySelector("[data-map-canvas] picture").after(svg);
}
