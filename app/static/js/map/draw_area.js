// One area drawn on a map: its corners are pressed one by one, and dragged or deleted after that.

import { TerraDraw, TerraDrawPolygonMode, TerraDrawSelectMode } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";

const DECIMALS = 6;

const round = (geometry) => ({
  type: geometry.type,
  coordinates: geometry.coordinates.map((ring) => ring.map((position) => position.map((degrees) => Number(degrees.toFixed(DECIMALS))))),
});

// Draws or changes a Polygon; `area` is the present one, or null. `tell` gets the area at each change, and null without one.
export function openDrawing(map, area, tell) {
  const corners = { midpoints: true, draggable: true, deletable: true };
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: DECIMALS + 3 }),
    modes: [
      new TerraDrawPolygonMode({ styles: { fillColor: "#b45309", fillOpacity: 0.18, outlineColor: "#b45309", outlineWidth: 2 } }),
      new TerraDrawSelectMode({ flags: { polygon: { feature: { draggable: false, coordinates: corners } } } }),
    ],
  });
  const find = () => draw.getSnapshot().filter(({ geometry, properties }) => geometry.type === "Polygon" && properties.mode === "polygon");
  const change = (id) => {
    draw.setMode("select");
    draw.selectFeature(id);
  };
  const begin = () => draw.setMode("polygon");
  const say = () => {
    const [drawn] = find();
    tell(drawn ? round(drawn.geometry) : null);
  };
  draw.start();
  draw.on("finish", (id, { action }) => {
    if (action === "draw") change(id);
    say();
  });
  // A corner that is deleted finishes nothing; with the last ones the area goes.
  draw.on("change", (_ids, type) => type === "update" && draw.getMode() === "select" && say());
  const [added] = area ? draw.addFeatures([{ type: "Feature", geometry: round(area), properties: { mode: "polygon" } }]) : [];
  if (added?.valid) change(added.id);
  else begin();
  return {
    clear() {
      draw.clear();
      begin();
      tell(null);
    },
    // The area stays on the map, to be seen and not to be changed. Corners that were not closed are an area too.
    finish() {
      const [drawn] = find();
      const { currentlyDrawing, committedCoordinateCount } = drawn?.properties ?? {};
      if (currentlyDrawing) {
        const corners = drawn.geometry.coordinates[0].slice(0, committedCoordinateCount);
        draw.clear();
        const area = corners.length < 3 ? null : { type: "Polygon", coordinates: [[...corners, corners[0]]] };
        if (area) draw.addFeatures([{ type: "Feature", geometry: round(area), properties: { mode: "polygon" } }]);
        tell(area && round(area));
      }
      draw.setMode("static");
    },
    stop: () => draw.stop(),
  };
}
