// The images that are marked to be compared, A before B, in a line below the grid.

import { button, node, words } from "./dom.js";
import { nameOf } from "./places.js";

export class Marks {
  // `changed(positions)` is told of each change, `compare()` that both are to be looked at.
  constructor(data, { changed, compare }) {
    [this.data, this.changed, this.compare] = [data, changed, compare];
    this.positions = [];
    this.el = node("div", { class: "nb-status", role: "status" });
  }

  // Marks an image or takes its mark away; returns whether two are marked now that were not.
  turn(position) {
    if (!this.data.images[position].src) return false;
    const had = this.positions.includes(position);
    this.set(had ? this.positions.filter((at) => at !== position) : [...this.positions, position].slice(-2));
    return this.positions.length === 2 && !had;
  }

  set(positions) {
    this.positions = positions;
    this.changed(positions);
    this.el.replaceChildren(...(positions.length ? this.#line() : []));
  }

  #line() {
    const names = this.positions.map((at, n) => words(`${"AB"[n]}: ${nameOf(this.data, this.data.images[at])}`));
    const clear = button("Clear", "Clear the marks", () => this.set([]));
    const two = this.positions.length === 2;
    return [...names, two ? button("Compare", "Compare A and B", this.compare) : words("Mark another to compare."), clear];
  }
}
