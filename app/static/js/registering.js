// The form of registering: shows only the questions that apply, saves by itself what is typed, and lets the map choose a place.

const form = document.querySelector("[data-draft]");
const status = form.querySelector("[data-saved]");

// The answer to a question: the codes that are chosen or ticked, or the text.
function readAnswer(name) {
  const fields = Array.from(form.elements).filter((field) => field.name === name && !field.disabled);
  return fields.filter((field) => (/radio|checkbox/.test(field.type) ? field.checked : true)).map((field) => field.value).filter(Boolean);
}

function showWhatApplies() {
  // A question depends on one before it, which is shown or hidden by then.
  for (const question of form.querySelectorAll("[data-needs]")) {
    const { needs, codes } = question.dataset;
    const answers = readAnswer(needs);
    const applies = codes ? answers.some((answer) => codes.split(" ").includes(answer)) : answers.length > 0;
    question.hidden = !applies;
    // What is hidden is not sent, so that it is no answer.
    for (const field of question.querySelectorAll("input, select, textarea")) field.disabled = !applies;
    const note = question.querySelector("[data-condition]");
    if (note) note.hidden = applies;
  }
  const [type] = readAnswer("sensorType");
  for (const group of form.querySelectorAll("optgroup[data-parent]")) {
    group.hidden = group.disabled = Boolean(type) && group.dataset.parent !== type;
  }
}

// A browser that reads the page again may bring back the number of a version that was saved after the page before.
form.elements.versie.value = form.elements.versie.getAttribute("value");

// What was typed is saved a moment after it, and when the page is left.
let waiting;
let isSaving = Promise.resolve();
let isChanged = false;

function readForm() {
  const data = new URLSearchParams(new FormData(form));
  data.delete("naar");
  data.set("naar", "bewaar");
  return data;
}

async function save() {
  clearTimeout(waiting);
  if (!isChanged) return;
  isChanged = false;
  try {
    const response = await fetch(form.action, { method: "POST", body: readForm(), keepalive: true });
    if (!response.ok) throw new Error(String(response.status));
    form.elements.versie.value = (await response.json()).versie;
    status.textContent = status.dataset.word;
  } catch {
    isChanged = true;
    status.textContent = status.dataset.failed;
  }
}

const saveInTurn = () => {
  isSaving = isSaving.then(save);
  return isSaving;
};

form.addEventListener("input", () => {
  showWhatApplies();
  isChanged = true;
  clearTimeout(waiting);
  waiting = setTimeout(saveInTurn, 1000);
});
form.addEventListener("submit", () => {
  clearTimeout(waiting);
  isChanged = false;
});
// A page that ends waits for no earlier save.
addEventListener("pagehide", save);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
// A link of the page itself can wait: the next page then shows what was saved.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]");
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || !isChanged || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  await saveInTurn();
  location.href = link.href;
});
showWhatApplies();

// The place: a press on the map types its coordinates, and what is typed is drawn on the map.
const frame = document.querySelector("[data-place]");
if (frame) {
  const place = form.elements.location;
  const sentence = form.querySelector("[data-place-sentence]");
  const middle = frame.querySelector("[data-place-middle]");
  const element = frame.querySelector("[data-map]");
  let map = null;
  let last = 0;

  const choose = ({ lng, lat }) => {
    place.value = `${lat.toFixed(6)}, ${lng.toFixed(6)}`;
    place.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const preview = async ({ moves } = {}) => {
    const asked = (last += 1);
    const search = new URLSearchParams(
      ["location", "viewDirectionDeg", "viewAngleDeg", "viewRangeM"].map((name) => [name, form.elements[name]?.value ?? ""]),
    );
    const response = await fetch(`${frame.dataset.preview}?${search}`).catch(() => null);
    if (!response?.ok || asked !== last) return;
    const found = await response.json();
    sentence.textContent = found.sentence ?? "";
    element.dispatchEvent(new CustomEvent("place-previewed", { detail: found }));
    if (moves && found.position) map?.jumpTo({ center: found.position, zoom: Math.max(map.getZoom(), 18) });
  };

  element.addEventListener("map-shown", ({ detail }) => {
    map = detail;
    middle.hidden = false;
    preview({ moves: true });
  });
  // A press that draws an area chooses no place.
  element.addEventListener("place-picked", ({ detail }) => "drawing" in frame.dataset || choose(detail));
  middle.addEventListener("click", () => choose(map.getCenter()));
  let soon;
  form.addEventListener("input", ({ target, isTrusted }) => {
    if (!/^location$|^view/.test(target.name)) return;
    clearTimeout(soon);
    // A place that was typed is looked up on the map; one that was pressed there is in view.
    soon = setTimeout(() => preview({ moves: target === place && isTrusted }), 300);
  });
}
