// The buttons that draw an area on the map of the step, into the field in which it may be typed too.

const frame = document.querySelector("[data-place]");
const tools = frame?.querySelector("[data-draw]");
if (tools) {
  const { form } = document.querySelector("[name=location]");
  const element = frame.querySelector("[data-map]");
  const say = (name) => (tools.querySelector("[data-draw-status]").textContent = tools.dataset[name] ?? "");
  const choices = Array.from(tools.querySelectorAll("[data-draw-field]"));
  const others = tools.querySelectorAll("[data-draw-clear], [data-draw-done]");
  let drawing = null;
  let finished = null;
  let drawn = null;
  const shown = new Promise((resolve) => {
    element.addEventListener("map-shown", ({ detail }) => resolve(detail), { once: true });
  });

  const findField = (name) => form.elements[name];
  const showChoices = () => {
    for (const choice of choices) choice.hidden = Boolean(drawing) || (findField(choice.dataset.drawField)?.disabled ?? true);
    for (const other of others) other.hidden = !drawing;
  };

  // A typed area that is no single ring cannot be drawn on; what is drawn takes its place.
  const readArea = (text) => {
    try {
      const { type, coordinates } = JSON.parse(text);
      return type === "Polygon" && coordinates.length === 1 ? { type, coordinates } : null;
    } catch {
      return null;
    }
  };

  const start = async (field) => {
    say("loading");
    frame.dataset.drawing = "";
    element.querySelector("[data-map-start]").click();
    try {
      const [map, { openDrawing }] = await Promise.all([shown, import(tools.dataset.library)]);
      const area = readArea(field.value);
      finished?.stop();
      finished = null;
      drawn = field;
      drawing = openDrawing(map, area, (changed) => {
        field.value = changed ? JSON.stringify(changed) : "";
        field.dispatchEvent(new Event("input", { bubbles: true }));
        say(changed ? "changing" : "drawing");
      });
      say(area ? "changing" : "drawing");
      showChoices();
      element.scrollIntoView({ block: "nearest" });
      map.getCanvas().focus();
    } catch {
      delete frame.dataset.drawing;
      say("failed");
    }
  };

  for (const choice of choices) choice.addEventListener("click", () => start(findField(choice.dataset.drawField)));
  tools.querySelector("[data-draw-clear]").addEventListener("click", () => drawing.clear());
  tools.querySelector("[data-draw-done]").addEventListener("click", () => {
    drawing.finish();
    finished = drawing;
    drawing = null;
    delete frame.dataset.drawing;
    say(drawn.value ? "done" : "nothing");
    showChoices();
    choices.find((choice) => !choice.hidden)?.focus();
  });
  form.addEventListener("input", showChoices);
  tools.hidden = false;
  showChoices();
}
