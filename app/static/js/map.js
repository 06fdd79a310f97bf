// Loads the map library, a megabyte, for the maps of a page: after its first paint, and when a map is nearly in view.

const maps = document.querySelectorAll("[data-map]");

function load(element) {
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: element.dataset.sheet });
  document.head.append(sheet);
  import(element.dataset.library)
    .then(({ showMap }) => showMap(element))
    // What was there without JavaScript is there still.
    .catch(() => element.classList.add("map--failed"));
}

if ("IntersectionObserver" in window) {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        load(target);
      }
    },
    { rootMargin: "200px" },
  );
  const start = () => requestAnimationFrame(() => setTimeout(() => maps.forEach((map) => observer.observe(map))));
  if (document.readyState === "complete") start();
  else window.addEventListener("load", start);
}
