// Puts the map in the place of its picture when a reader turns to it: by pointing at it, touching it, scrolling over it, or its
// button; on a page that is a map by whatever the reader does first. The library is a megabyte, and draws at once.

import { drawHighlight } from "./map/highlight.js";
import { say } from "./map/notice.js";

const TURNS_TO_MAP = ["pointerenter", "pointerdown", "wheel", "touchstart"];
const TURNS_TO_PAGE = ["pointermove", "pointerdown", "wheel", "touchstart", "keydown", "scroll"];
const started = new WeakMap();

let sheetApplied;

function start(element) {
  if (!started.has(element)) started.set(element, load(element));
  return started.get(element);
}

// The sheet of the library, once for all maps of a page; after a failure it is requested again.
function applySheet(href) {
  sheetApplied ??= new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: resolve });
    link.onerror = () => {
      link.remove();
      sheetApplied = undefined;
      reject(new Error(href));
    };
    document.head.append(link);
  });
  return sheetApplied;
}

async function load(element) {
  const { library, sheet, words } = element.dataset;
  const { "Map.Loading": loading, "Map.Failed": failed } = JSON.parse(words);
  say(element, "load", loading);
  try {
    // Without its sheet the parts of a map lie below one another, and would move when it arrives.
    const [{ showMap }] = await Promise.all([import(library), applySheet(sheet)]);
    const map = await showMap(element);
    // The button is gone now.
    if (document.activeElement === element.querySelector("[data-map-start]")) map.focus();
    say(element, "load", "");
    return map;
  } catch {
    // The picture is there still, and the button starts again.
    started.delete(element);
    say(element, "load", failed);
    return null;
  }
}

function setUp(element) {
  const picture = element.querySelector("[data-map-canvas]");
  const button = element.querySelector("[data-map-start]");
  drawHighlight(element);
  button.hidden = false;
  for (const event of TURNS_TO_MAP) picture.addEventListener(event, () => start(element), { passive: true, once: true });
  if ("keepView" in element.dataset) {
    for (const event of TURNS_TO_PAGE) document.addEventListener(event, () => start(element), { passive: true, once: true });
  }
  // The picture has what is registered, and not what such a map is for.
  if ("features" in element.dataset) start(element);
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    start(element);
  });
  // A press on the picture is one on the map: no one presses twice.
  picture.addEventListener("click", async (event) => {
    if (element.classList.contains("map--shown")) return;
    const { left, top } = picture.getBoundingClientRect();
    (await start(element))?.press(event, event.clientX - left, event.clientY - top);
  });
}

const setUpAll = () => document.querySelectorAll("[data-map]").forEach(setUp);
setUpAll();
// Other results bring a map of their own, for a reader who has turned to it already.
document.addEventListener("results-swapped", () => {
  setUpAll();
  document.querySelectorAll("[data-map]").forEach(start);
});
