// The images that can be compared, small, in a row: who is A, who is B, and a click changes one.

import { button, node, picture } from "./dom.js";
import { nameOf } from "./places.js";

export class Strip {
  // `pick(position)` is told of a click.
  constructor(data, positions, pick) {
    this.thumbs = new Map(positions.map((position) => [position, thumb(data, position, pick)]));
    this.el = node("div", { class: "nb-strip", role: "group", "aria-label": "Images to compare" }, ...this.thumbs.values());
  }

  mark(pair, side) {
    for (const [position, el] of this.thumbs) {
      const letter = "AB"[pair.indexOf(position)] || "";
      el.querySelector(".nb-badge").textContent = letter;
      el.setAttribute("aria-pressed", String(letter !== ""));
      el.tabIndex = position === pair[side] ? 0 : -1;
    }
    this.#show(this.thumbs.get(pair[side]));
  }

  // `scrollIntoView` would move the page, too.
  #show(el) {
    if (!el) return;
    const left = el.offsetLeft - this.el.offsetLeft;
    const { scrollLeft, clientWidth } = this.el;
    if (left < scrollLeft || left + el.offsetWidth > scrollLeft + clientWidth) this.el.scrollLeft = left - clientWidth / 2;
    if (this.el.contains(document.activeElement)) el.focus({ preventScroll: true });
  }
}

function thumb(data, position, pick) {
  const image = data.images[position];
  const label = `Compare with ${nameOf(data, image)} (#${image.id})`;
  const badge = node("span", { class: "nb-badge", "aria-hidden": "true" });
  const el = button("", label, () => pick(position), { class: "nb-thumb" });
  el.append(picture(image.src, "", { loading: "lazy", decoding: "async" }), badge);
  return el;
}
