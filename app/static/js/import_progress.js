// Follows an import that is running: the page's region is fetched again until it has ended.

import { fetchDocument, findRegion, swapRegion } from "./region.js";

const REGION = "import";
const PAUSE_MS = 1000;
const PAUSE_AFTER_FAILURE_MS = 5000;

async function follow() {
  let pause = PAUSE_MS;
  try {
    const next = await fetchDocument(location.href);
    if (!findRegion(next, REGION)) {
      // It led elsewhere: to the page on which headings are said, or to sign in.
      location.reload();
      return;
    }
    swapRegion(REGION, next);
  } catch {
    pause = PAUSE_AFTER_FAILURE_MS;
  }
  if (isRunning()) setTimeout(follow, pause);
}

const isRunning = () => findRegion(document, REGION).hasAttribute("data-running");

if (isRunning()) setTimeout(follow, PAUSE_MS);
