// The line above the grid that says which images are asked for, and in which order.

import { button, node, picker, redraw, words } from "./dom.js";
import { EVERYTHING, extentOf, isNarrow, measuresOf, statesOf, valueText } from "./filter.js";

// `change(query)` is told of each change, `leave()` that whoever searched goes on to the images.
export class Finder {
  constructor(data, query, { change, leave }) {
    [this.data, this.query, this.change] = [data, query, change];
    this.count = node("span", { class: "nb-count", "aria-live": "polite", "aria-atomic": "true" });
    this.el = node("div", { class: "nb-finder", role: "search", "aria-label": "Images" });
    this.el.addEventListener("keydown", (event) => this.#key(event, leave));
    this.draw();
  }

  // Anew, where images have come or scores and states have changed; the search box stays.
  draw() {
    const { data, query } = this;
    this.text ||= this.#search();
    this.text.value = query.text;
    this.measures = measuresOf(data);
    const parts = [this.text, ...(data.ratings ? this.#ratings() : []), this.#states(), ...this.#scores(), ...this.#order()];
    this.el.replaceChildren(...parts.filter(Boolean), node("span", { class: "nb-result" }, this.count, this.#clear()));
  }

  focus() {
    this.text.focus();
    this.text.select();
  }

  // shown: how many of the images that match are in the grid now, on the page that was picked.
  tell(matching, shown) {
    const { images } = this.data;
    const elsewhere = shown < matching ? `, ${shown} of them on this page` : "";
    this.count.textContent = isNarrow(this.query) ? `${matching} of ${images.length}${elsewhere}` : "";
    this.empty.classList.toggle("nb-away", !isNarrow(this.query));
  }

  // Changes a part of the query, and tells.
  set(part, anew = true) {
    this.query = { ...this.query, ...part };
    if (anew) redraw(this.el, () => this.draw());
    this.change(this.query);
  }

  #key(event, leave) {
    const { key, target } = event;
    if (key === "Escape") isNarrow(this.query) ? this.#again() : leave();
    else if (target === this.text && (key === "Enter" || key === "ArrowDown")) leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // All images again, in the same order.
  clear() {
    const { order, rising } = this.query;
    this.set({ ...EVERYTHING, order, rising });
  }

  #again() {
    this.clear();
    this.text.focus();
  }

  #search() {
    const title = "Words of prompts, values, settings and notes (/)";
    const box = node("input", { type: "search", placeholder: "Search", "aria-label": "Search", title });
    box.addEventListener("input", () => this.set({ text: box.value }, false));
    return box;
  }

  #ratings() {
    const { favourite, stars } = this.query;
    const pressed = { "aria-pressed": String(favourite) };
    const options = [[0, "any"], ...[1, 2, 3, 4].map((n) => [n, `${n} or more`]), [5, "5"]];
    return [
      button("♥ Favourites", "Favourites only", () => this.set({ favourite: !favourite }), pressed),
      picker("★", options, stars, (count) => this.set({ stars: Number(count) }), "Stars"),
    ];
  }

  #states() {
    const states = statesOf(this.data);
    if (states.length < 2) return null;
    const options = [["", "all"], ...states.map(([state, count]) => [state, `${state} (${count})`])];
    return picker("State", options, this.query.state, (state) => this.set({ state }));
  }

  #scores() {
    const scores = this.measures.filter(([key]) => key !== "stars");
    if (!scores.length) return [];
    const pick = (score) => this.set({ score, from: null, to: null });
    return [picker("Score", [["", "–"], ...scores], this.query.score, pick), this.query.score && this.#range()];
  }

  #range() {
    const { score } = this.query;
    const extent = extentOf(this.data, score) || [null, null];
    const limits = [["from", "at least"], ["to", "at most"]].map(([end, label], n) => {
      const box = node("input", { type: "number", step: "any", placeholder: valueText(score, extent[n]), "aria-label": `Score ${label}` });
      box.value = this.query[end] ?? "";
      box.addEventListener("input", () => this.set({ [end]: box.value === "" ? null : box.valueAsNumber }, false));
      return box;
    });
    return node("span", { class: "nb-range" }, limits[0], words("to"), limits[1]);
  }

  #order() {
    if (!this.measures.length) return [];
    const { order, rising } = this.query;
    const text = rising ? "↑ Low first" : "↓ High first";
    const turn = button(text, "Turn the order round", () => this.set({ rising: !rising }));
    return [picker("Order", [["", "as planned"], ...this.measures], order, (key) => this.set({ order: key })), order && turn];
  }

  #clear() {
    this.empty = button("Clear", "Show all images (Esc)", () => this.#again());
    this.empty.classList.toggle("nb-away", !isNarrow(this.query));
    return this.empty;
  }
}
