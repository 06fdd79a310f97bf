// The search box as a combobox (WAI-ARIA 1.2): suggestions while one types, chosen with the arrow keys, a tap or a click.
// Without this script the form leads to the page of results.

import Combobox from "@github/combobox-nav";

const WAIT_MS = 200;
const MIN_LETTERS = 2;
const LISTS = new Set(["text", "sensors"]);
const AS_TYPED = new Set(["sensor", "position"]);
const LEADING = new Set(["sensor", "spelling", ...LISTS]);

for (const form of document.querySelectorAll("[data-search-box]")) start(form);

function start(form) {
  const input = form.elements.namedItem("zoek");
  const list = form.querySelector("ul");
  list.setAttribute("role", "listbox");
  const status = form.querySelector("[role=status]");
  const combobox = new Combobox(input, list, { tabInsertsSuggestions: false });
  const { suggestions, language, none, one, more, failed } = form.dataset;
  const goal = form.elements.namedItem("doel");
  let asked;
  let waiting;

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    asked?.abort();
    close();
    list.replaceChildren();
    if (input.value.trim().length < MIN_LETTERS) return;
    waiting = setTimeout(suggest, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && list.hidden) {
      event.preventDefault();
      if (list.children.length) {
        // The list of the same text, as it was before it was closed.
        open();
        combobox.navigate(event.key === "ArrowDown" ? 1 : -1);
      } else if (input.value.trim().length >= MIN_LETTERS) suggest();
    }
  });
  // After a click on an option, which takes the focus first.
  input.addEventListener("blur", () => setTimeout(close, WAIT_MS));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("combobox-commit", ({ target: { dataset } }) => {
    if (!goal || "isList" in dataset) return window.location.assign(dataset.page);
    // The page of results leads on with the goal. What was typed stays where it means one thing, such as a number.
    if (dataset.label) input.value = dataset.label;
    form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    asked?.abort();
  });

  function open() {
    list.hidden = false;
    combobox.start();
  }

  function close() {
    say("", { isShown: false });
    if (list.hidden) return;
    combobox.stop();
    list.hidden = true;
  }

  async function suggest() {
    asked = new AbortController();
    const text = input.value.trim();
    const query = new URLSearchParams({ q: text, limit: "8", lang: language });
    try {
      const response = await fetch(`${suggestions}?${query}`, { signal: asked.signal });
      if (!response.ok) throw new Error(`${suggestions}: ${response.status}`);
      if (text === input.value.trim()) show(await response.json());
    } catch (error) {
      // The text has changed since. In any other case the form still leads to the page of results.
      if (error.name !== "AbortError") say(failed, { isShown: true });
    }
  }

  function say(text, { isShown }) {
    status.toggleAttribute("data-shown", isShown);
    status.textContent = text;
  }

  function show({ suggestions: found, notice }) {
    found = goal ? found.filter(leadsOn) : found;
    list.replaceChildren(...found.map(makeOption));
    const words = found.length === 1 ? one : found.length ? more.replace("{n}", found.length) : none;
    if (found.length && document.activeElement === input) open();
    say(notice ? `${words} ${notice}` : words, { isShown: Boolean(notice) || !found.length });
  }

  // For who reports something only a place or a sensor is of use, and what leads to one.
  function leadsOn({ type, position }) {
    return position || LEADING.has(type);
  }

  function makeOption({ type, label, typeLabel, detail, precision, page }, index) {
    const option = document.createElement("li");
    option.id = `${list.id}-${index}`;
    option.setAttribute("role", "option");
    // The path alone: the register may be reached under another name than it has for itself.
    const { pathname, search } = new URL(page);
    option.dataset.page = pathname + search;
    if (LISTS.has(type)) option.dataset.isList = "";
    if (!AS_TYPED.has(type)) option.dataset.label = label;
    const name = document.createElement("span");
    name.className = "search-box__name";
    name.textContent = label;
    const words = document.createElement("span");
    words.className = "search-box__words";
    words.textContent = [typeLabel, detail, precision].filter(Boolean).join(", ");
    option.append(name, " ", words);
    return option;
  }
}
