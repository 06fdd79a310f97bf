// The view of a map as the API has a box: west, south, east, north, in degrees to a metre.
export const formatBox = (map) =>
  map
    .getBounds()
    .toArray()
    .flat()
    .map((degrees) => degrees.toFixed(5))
    .join(",");
