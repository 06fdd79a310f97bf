// Loads the map library, a megabyte, for the maps of a page: after its first paint, and when a map comes into view.

function load(element) {
  if (!document.querySelector("link[data-map-sheet]")) {
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: element.dataset.sheet });
    sheet.dataset.mapSheet = "";
    document.head.append(sheet);
  }
  import(element.dataset.library)
    .then(({ showMap }) => showMap(element))
    // What was there without JavaScript is there still.
    .catch(() => element.classList.add("map--failed"));
}

if ("IntersectionObserver" in window) {
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      load(target);
    }
  });
  const observe = () => document.querySelectorAll("[data-map]").forEach((map) => observer.observe(map));
  const start = () => requestAnimationFrame(() => setTimeout(observe));
  if (document.readyState === "complete") start();
  else window.addEventListener("load", start);
  document.addEventListener("results-swapped", start);
}
