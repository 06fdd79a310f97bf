// Keeps the list beside a map, and on a page of its own the address, with the view of the map.

import { fetchDocument, onlyLatest, swapRegion } from "../region.js";
import { say } from "./notice.js";
import { formatBox } from "./view_box.js";

const WAIT_MS = 250;

export function followView(map, element) {
  const { dataset } = element;
  const fetchLatest = onlyLatest(fetchDocument);
  const update = async () => {
    const box = formatBox(map);
    if ("keepView" in dataset) replaceView(box);
    if (!("withList" in dataset)) return;
    try {
      const answer = await fetchLatest(`${dataset.inView}?${dataset.query ? `${dataset.query}&` : ""}bbox=${box}`);
      if (answer) swapRegion("in-view", answer);
      say(element, "list", "");
    } catch {
      // Without an answer the former list stays, and is said to be that.
      say(element, "list", JSON.parse(dataset.words)["Map.FormerList"]);
    }
  };
  let timer;
  map.on("moveend", () => {
    clearTimeout(timer);
    timer = setTimeout(update, WAIT_MS);
  });
  map.once("load", update);
}

function replaceView(box) {
  const address = new URL(location.href);
  address.searchParams.set("beeld", box);
  history.replaceState(history.state, "", address.href.replaceAll("%2C", ","));
}
