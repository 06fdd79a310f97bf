// The pages of a search without loading whole pages: the same address is fetched, and its results take the place of these.
// Without this script, or where it fails, forms and links do the same.

import { fetchDocument, onlyLatest, swapRegion } from "./region.js";

const REGION = "results";
const AREA_PARAMETERS = ["municipality", "province", "bbox", "near", "covers"];
const fetchLatest = onlyLatest(fetchDocument);
const readAddress = () => location.pathname + location.search;
// The address whose results are on the page, to know a step in the history from one to a part of the same page.
let shown = readAddress();

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
  shown = readAddress();
  const next = swapRegion(REGION, page);
  document.title = page.title;
  next.querySelector("[data-filters]").open = isOpen;
  setUp();
  const target = focus === "heading" ? next.querySelector("h1") : document.getElementById(focused);
  target?.focus({ preventScroll: focus !== "heading" });
  document.querySelector("[data-announce]").textContent = next.querySelector("[data-count]").textContent.trim();
  document.dispatchEvent(new CustomEvent("results-swapped"));
}

// The view of the map that a person chose belongs to the area of a search: another area is shown whole.
const readView = () => new URLSearchParams(location.search).get("beeld");

function isSameArea(form) {
  const { municipality, province } = form.elements;
  const former = Array.from(province.options).find((one) => one.defaultSelected)?.value ?? "";
  return municipality.value.trim() === municipality.defaultValue.trim() && province.value === former;
}

// The address of a link to the same page with other filters.
function keepView(link) {
  const [here, there] = [new URL(location.href), new URL(link.href)];
  const isSame = AREA_PARAMETERS.every((name) => here.searchParams.get(name) === there.searchParams.get(name));
  const view = readView();
  if (!view || !isSame || here.pathname !== there.pathname) return link.href;
  there.searchParams.set("beeld", view);
  return there.href.replaceAll("%2C", ",");
}

// As the form's own submission, without the fields that are empty.
function writeAddress(form) {
  const address = new URL(form.action, location.href);
  const joined = new Map();
  for (const [name, value] of new FormData(form)) if (value) joined.set(name, [...(joined.get(name) ?? []), value]);
  const view = readView();
  if (view && isSameArea(form)) joined.set("beeld", [view]);
  address.search = Array.from(joined, ([name, values]) => `${name}=${encodeURIComponent(values.join())}`).join("&").replaceAll("%2C", ",");
  return address.href;
}

// A slider beside the field of the day.
function setUpDays(block) {
  const [field, slider] = [block.querySelector("[type=date]"), block.querySelector("[type=range]")];
  const toDays = (date) => Math.round(Date.parse(date) / 86_400_000);
  const first = toDays(slider.dataset.first);
  // On its first day a register has no time to slide through.
  if (slider.dataset.first === slider.dataset.last) return;
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
      show(keepView(link), { focus: "heading" });
    });
  }
}

if (document.querySelector("form[data-swap]")) {
  setUp();
  document.addEventListener("view-written", () => {
    shown = readAddress();
  });
  window.addEventListener("popstate", () => {
    if (readAddress() !== shown) show(location.href, { isNew: false });
  });
}
