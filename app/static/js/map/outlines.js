// The areas on a map: what the page highlights, and close by the areas of the sensors and the squares of generalised ones.

import { onlyLatest } from "../region.js";
import { formatBox } from "./view_box.js";

const FROM_ZOOM = 13;
const MAX_AREAS = 300;
const HALF_SQUARE_METRES = 125;
const METRES_PER_DEGREE = 111_195;
const RD_ORIGIN_LONGITUDE = 5.38763888;
const EMPTY = { type: "FeatureCollection", features: [] };

export function addOutlines(map, { api, query, highlight }) {
  const below = map.getStyle().layers.find((layer) => layer.source === "sensors")?.id;
  for (const name of ["areas", "squares", "highlight"]) map.addSource(name, { type: "geojson", data: EMPTY });
  const fill = (name, colour, opacity) =>
    map.addLayer({ id: `${name}-fill`, type: "fill", source: name, paint: { "fill-color": colour, "fill-opacity": opacity } }, below);
  const line = (name, colour, dashes) =>
    map.addLayer(
      {
        id: `${name}-line`,
        type: "line",
        source: name,
        paint: { "line-color": colour, "line-width": 2, ...(dashes && { "line-dasharray": dashes }) },
      },
      below,
    );
  fill("areas", "#0a5a61", 0.12);
  line("areas", "#0a5a61");
  fill("squares", "#154273", 0.1);
  line("squares", "#154273", [2, 2]);
  fill("highlight", "#b45309", 0.18);
  line("highlight", "#b45309");
  if (highlight) map.getSource("highlight").setData(JSON.parse(highlight));

  const fetchLatest = onlyLatest(fetchAreas);
  const update = async () => {
    const areas = await fetchLatest(map, api, query);
    if (areas) map.getSource("areas").setData(areas);
  };
  map.on("moveend", update);
  let drawn = "";
  map.on("idle", () => {
    const places = findGeneralised(map);
    // New data make the map draw, after which it is idle again: the same data would keep it drawing for ever.
    if (places.join(" ") === drawn) return;
    drawn = places.join(" ");
    map.getSource("squares").setData(drawSquares(places));
  });
  update();
}

async function fetchAreas(map, api, query) {
  if (map.getZoom() < FROM_ZOOM) return EMPTY;
  const search = `${query ? `${query}&` : ""}bbox=${formatBox(map)}&limit=${MAX_AREAS}&properties=publicCode&f=json`;
  const response = await fetch(`${api}/collections/observed-areas/items?${search}`);
  return response.ok ? response.json() : EMPTY;
}

// A generalised sensor is somewhere in a square of 250 m of the grid of RD, whose middle is published.
function findGeneralised(map) {
  if (map.getZoom() < FROM_ZOOM) return [];
  const found = map.querySourceFeatures("sensors", {
    sourceLayer: "sensors",
    filter: ["==", ["get", "visibility"], "generalised"],
  });
  const places = found.map(({ geometry }) => geometry.coordinates.map((degrees) => degrees.toFixed(5)).join());
  return Array.from(new Set(places)).sort();
}

function drawSquares(places) {
  return { type: "FeatureCollection", features: places.map((place) => drawSquare(...place.split(",").map(Number))) };
}

function drawSquare(longitude, latitude) {
  const radians = Math.PI / 180;
  // The north of RD is turned from the true north by this angle.
  const turn = (longitude - RD_ORIGIN_LONGITUDE) * Math.sin(latitude * radians) * radians;
  const corner = (across, up) => {
    const [east, north] = [across * Math.cos(turn) - up * Math.sin(turn), across * Math.sin(turn) + up * Math.cos(turn)];
    return [
      longitude + (east * HALF_SQUARE_METRES) / (METRES_PER_DEGREE * Math.cos(latitude * radians)),
      latitude + (north * HALF_SQUARE_METRES) / METRES_PER_DEGREE,
    ];
  };
  const ring = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1), corner(-1, -1)];
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
}
