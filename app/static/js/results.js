// The pages of a search without loading whole pages: the same address is fetched, and its results take the place of these.
// Without this script, or where it fails, forms and links do the same.

import { fetchDocument, onlyLatest, swapRegion } from "./region.js";

const REGION = "results";
const fetchLatest = onlyLatest(fetchDocument);

async function show(address, { focus, isNew = true } = {}) {
  const region = document.querySelector(`[data-region="${REGION}"]`);
  const isOpen = region.querySelector("[data-filters]").open;
  const focused = document.activeElement?.id;
  region.setAttribute("aria-busy", "true");
  let page;
  try {
    page = await fetchLatest(address);
  } catch {
    location.assign(address);
    return;
  }
  if (!page) return;
  if (isNew) history.pushState(null, "", address);
  const next = swapRegion(REGION, page);
  document.title = page.title;
  next.querySelector("[data-filters]").open = isOpen;
  setUp();
  const target = focus === "heading" ? next.querySelector("h1") : document.getElementById(focused);
  target?.focus({ preventScroll: focus !== "heading" });
  document.querySelector("[data-announce]").textContent = next.querySelector("[data-count]").textContent.trim();
  document.dispatchEvent(new CustomEvent("results-swapped"));
}

// As the form's own submission, without the fields that are empty.
function writeAddress(form) {
  const address = new URL(form.action, location.href);
  const joined = new Map();
  for (const [name, value] of new FormData(form)) if (value) joined.set(name, [...(joined.get(name) ?? []), value]);
  const view = new URLSearchParams(location.search).get("beeld");
  if (view) joined.set("beeld", [view]);
  address.search = Array.from(joined, ([name, values]) => `${name}=${encodeURIComponent(values.join())}`).join("&").replaceAll("%2C", ",");
  return address.href;
}

// A slider beside the field of the day.
function setUpDays(block) {
  const [field, slider] = [block.querySelector("[type=date]"), block.querySelector("[type=range]")];
  const toDays = (date) => Math.round(Date.parse(date) / 86_400_000);
  const first = toDays(slider.dataset.first);
  slider.max = toDays(slider.dataset.last) - first;
  slider.value = field.value ? toDays(field.value) - first : slider.max;
  slider.hidden = false;
  const describe = () => slider.setAttribute("aria-valuetext", field.value || slider.dataset.last);
  describe();
  slider.addEventListener("input", () => {
    const date = new Date((first + Number(slider.value)) * 86_400_000).toISOString().slice(0, 10);
    field.value = slider.value === slider.max ? "" : date;
    describe();
  });
}

function setUp() {
  const form = document.querySelector("form[data-swap]");
  setUpDays(form.querySelector("[data-days]"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(writeAddress(form), { focus: "heading" });
  });
  form.addEventListener("change", ({ target }) => {
    if (target.matches("[type=checkbox], select, [type=range]")) show(writeAddress(form));
  });
  for (const link of document.querySelectorAll("a[data-swap]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(link.href, { focus: "heading" });
    });
  }
}

if (document.querySelector("form[data-swap]")) {
  setUp();
  let shown = location.pathname + location.search;
  window.addEventListener("popstate", () => {
    const address = location.pathname + location.search;
    if (address !== shown) show(location.href, { isNew: false });
    shown = address;
  });
}
