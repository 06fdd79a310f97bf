// A map on which a person chooses a place: a press picks it, and the page has its field of view drawn.

const EMPTY = { type: "FeatureCollection", features: [] };

export function pickPlace(map, element, marker) {
  const pick = ({ point }) => {
    element.dispatchEvent(new CustomEvent("place-picked", { detail: map.unproject(point) }));
  };
  map.on("click", pick);
  element.addEventListener("place-previewed", ({ detail: { position, view } }) => {
    if (position) marker.setLngLat(position).addTo(map);
    else marker.remove();
    map.getSource("highlight")?.setData(view ?? EMPTY);
  });
  return pick;
}
