// Who is A and who is B: keys, buttons and a strip change one of them while the other stays.

import { button, node } from "./dom.js";
import { Strip } from "./strip.js";

export class Sides {
  // `positions()` are those that can be compared, `changed()` is called after each change.
  constructor(data, pair, positions, changed) {
    [this.data, this.pair, this.positions, this.changed] = [data, pair, positions, changed];
    this.side = 1; // that changes: 0 is A, 1 is B
    this.strip = node("div", { class: "nb-strips" });
    this.fill();
  }

  images() {
    return this.pair.map((position) => this.data.images[position]);
  }

  // The strip anew, where images have come.
  fill() {
    this.thumbs = new Strip(this.data, this.#order(), (position) => this.put(position));
    this.strip.replaceChildren(this.thumbs.el);
  }

  // On the side that changes; the image of the other side changes places with it.
  put(position) {
    const other = 1 - this.side;
    if (this.pair[other] === position) this.pair[other] = this.pair[this.side];
    this.pair[this.side] = position;
    this.changed();
  }

  swap() {
    this.pair.reverse();
    this.changed();
  }

  turn(side = 1 - this.side) {
    this.side = side;
    this.changed();
  }

  // To the next image or the one before that is not on the other side, round the ends.
  step(direction, side = this.side) {
    const free = this.#order().filter((position) => position !== this.pair[1 - side]);
    if (free.length < 2) return;
    this.pair[side] = free.at((free.indexOf(this.pair[side]) + direction) % free.length);
    this.changed();
  }

  key({ key, shiftKey, target }) {
    const along = this.strip.contains(target) ? { ArrowLeft: -1, ArrowRight: 1 } : {};
    const direction = { ArrowUp: -1, ArrowDown: 1, ...along }[key];
    if (direction) this.step(direction, shiftKey ? 1 - this.side : this.side);
    else if (key === "a") this.turn();
    else if (key === "x") this.swap();
    else return false;
    return true;
  }

  tools() {
    this.thumbs.mark(this.pair, this.side);
    const letters = ["A", "B"].map((letter, side) =>
      button(letter, `Change ${letter} (a)`, () => this.turn(side), { "aria-pressed": String(side === this.side) }),
    );
    const letter = "AB"[this.side];
    return node(
      "div",
      { class: "nb-sides", role: "group", "aria-label": "Change an image" },
      node("span", { class: "nb-label" }, "Change"),
      ...letters,
      button("‹", `Earlier image as ${letter} (↑)`, () => this.step(-1)),
      button("›", `Next image as ${letter} (↓)`, () => this.step(1)),
      button("⇄ Swap", "Swap A and B (x)", () => this.swap()),
    );
  }

  #order() {
    const shown = this.positions();
    return [...this.pair.filter((position) => !shown.includes(position)), ...shown];
  }
}
