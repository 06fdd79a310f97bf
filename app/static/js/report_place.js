// The place of a report: a press on the map types its coordinates, and marks it.

const field = document.querySelector("#plek");
const element = document.querySelector("[data-map]");
const middle = document.querySelector("[data-place-middle]");
let map;

function choose({ lng, lat }) {
  field.value = `${lat.toFixed(5)}, ${lng.toFixed(5)}`;
  element.dispatchEvent(new CustomEvent("place-previewed", { detail: { position: [lng, lat] } }));
}

element.addEventListener("map-shown", ({ detail }) => {
  map = detail;
  middle.hidden = false;
});
element.addEventListener("place-picked", ({ detail }) => choose(detail));
middle.addEventListener("click", () => choose(map.getCenter()));
