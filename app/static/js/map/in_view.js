// Keeps the list beside a map, and on a page of its own the address, with the view of the map.
// The address has a view only when a person chose it: any other follows from the search, and would grow with each new map.

import { fetchDocument, onlyLatest, swapRegion } from "../region.js";
import { say } from "./notice.js";
import { formatBox } from "./view_box.js";

const WAIT_MS = 250;

export function followView(map, element) {
  const { dataset } = element;
  const fetchLatest = onlyLatest(fetchDocument);
  const update = async () => {
    if (!("withList" in dataset) || !element.isConnected) return;
    try {
      const answer = await fetchLatest(`${dataset.inView}?${dataset.query ? `${dataset.query}&` : ""}bbox=${formatBox(map)}`);
      // Other results have a list of their own.
      if (answer && element.isConnected) swapRegion("in-view", answer);
      say(element, "list", "");
    } catch {
      // Without an answer the former list stays, and is said to be that.
      say(element, "list", JSON.parse(dataset.words)["Map.FormerList"]);
    }
  };
  let timer;
  if ("keepView" in dataset) writeChosenViews(map, element);
  map.on("moveend", () => {
    clearTimeout(timer);
    timer = setTimeout(update, WAIT_MS);
  });
  map.once("load", update);
}

// A movement by a person has the event of it; one of the map itself, when its size changes, has none. The first is written at
// once, those soon after it together: browsers refuse many changes of the address.
function writeChosenViews(map, element) {
  let timer = null;
  let isNewer = false;
  const write = () => {
    timer = null;
    // When other results are on their way, the address may be theirs already.
    if (!isNewer || !element.isConnected || element.closest("[aria-busy=true]")) return;
    isNewer = false;
    replaceView(formatBox(map));
    timer = setTimeout(write, WAIT_MS);
  };
  map.on("moveend", ({ originalEvent }) => {
    if (!originalEvent) return;
    isNewer = true;
    if (timer === null) write();
  });
}

function replaceView(box) {
  const address = new URL(location.href);
  address.searchParams.set("beeld", box);
  history.replaceState(history.state, "", address.href.replaceAll("%2C", ","));
  document.dispatchEvent(new CustomEvent("view-written"));
}
