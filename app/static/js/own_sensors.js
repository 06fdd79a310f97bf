// A table of which rows are chosen: a box that ticks every row of the page; of own sensors also the area of the map as a filter.

const area = document.querySelector("[data-area]");
if (area) {
  const take = area.querySelector("[data-area-take]");
  area.querySelector("[data-map]").addEventListener("map-shown", ({ detail: map }) => {
    take.hidden = false;
    take.addEventListener("click", () => {
      const box = map.getBounds();
      const sides = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
      const field = area.querySelector("#gebied");
      field.value = sides.map((degrees) => degrees.toFixed(5)).join(",");
      field.form.requestSubmit();
    });
  });
}

const heading = document.querySelector("[data-choice] thead th");
if (heading) {
  const boxes = Array.from(document.querySelectorAll("[data-choice] tbody input[name=kies]"));
  const all = Object.assign(document.createElement("input"), { type: "checkbox" });
  all.setAttribute("aria-label", heading.textContent.trim());
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  heading.append(all);
}
