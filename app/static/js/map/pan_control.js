// Four buttons that move the map by a third of its size: dragging is never needed (WCAG 2.2, 2.5.7).

const DIRECTIONS = { up: [0, -1], left: [-1, 0], right: [1, 0], down: [0, 1] };

export class PanControl {
  constructor(words) {
    this.words = words;
  }

  onAdd(map) {
    this.element = Object.assign(document.createElement("div"), { className: "maplibregl-ctrl maplibregl-ctrl-group map__pan" });
    for (const [name, [across, down]] of Object.entries(DIRECTIONS)) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: `map__pan-${name}` });
      button.title = this.words[`Pan.${name}`];
      button.setAttribute("aria-label", button.title);
      button.addEventListener("click", (originalEvent) => {
        const { clientWidth, clientHeight } = map.getContainer();
        map.panBy([(across * clientWidth) / 3, (down * clientHeight) / 3], {}, { originalEvent });
      });
      this.element.append(button);
    }
    return this.element;
  }

  onRemove() {
    this.element.remove();
  }
}
