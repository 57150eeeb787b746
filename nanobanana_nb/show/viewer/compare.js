// Two images on one place: slider, blink, fade, difference, or side by side.

import { button, dialog, inset, node, redraw } from "./dom.js";
import { closeButtons, zoomButtons, zoomKey } from "./lightbox.js";
import { nameOf } from "./places.js";
import { Stage } from "./stage.js";
import { stars } from "./stars.js";
import { captionOf, promptOf, unlike, wordDifference } from "./words.js";

const BLINK_MS = 700; // slower than three flashes a second
const MODES = [
  ["slider", "Slider", "s"],
  ["blink", "Blink", "b"],
  ["fade", "Fade", "f"],
  ["difference", "Difference", "d"],
  ["pair", "Side by side", "p"],
];
const RANGES = {
  slider: ["How much of A is seen", 0, 100, 50],
  fade: ["How much of B is mixed in", 0, 100, 50],
  difference: ["How much the difference is brightened", 1, 10, 1],
};

export class Compare {
  constructor(root, data, pair, { inline, rate, closed }) {
    [this.data, this.pair, this.rate] = [data, pair, rate];
    this.head = node("header", {});
    this.body = node("div", { class: "nb-body" });
    this.foot = node("footer", { class: "nb-unlike" });
    this.el = (inline ? inset : dialog)(root, "Compare two images", "nb-compare-box", this.head, this.body, this.foot);
    this.el.addEventListener("close", () => {
      this.#still();
      closed();
    });
    this.show("slider");
  }

  show(mode) {
    this.#still();
    this.mode = mode;
    const images = this.pair.map((position) => this.data.images[position]);
    this.stage = new Stage(images.map((image) => [image.full || image.src, nameOf(this.data, image)]));
    this.stage.el.dataset.mode = mode;
    this.range = RANGES[mode] ? this.#range(...RANGES[mode]) : null;
    redraw(this.el, () => {
      this.head.replaceChildren(...this.#tools());
      this.body.replaceChildren(...this.#letters(), this.stage.el);
      this.foot.replaceChildren(...this.#said(images));
    });
    if (mode === "slider") this.#handle();
    if (mode === "blink") this.#blink(!matchMedia("(prefers-reduced-motion: reduce)").matches);
    this.stage.reset();
    this.#draw();
  }

  swap() {
    this.pair.reverse();
    this.show(this.mode);
  }

  key(event) {
    const mode = MODES.find(([, , key]) => key === event.key);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (mode) this.show(mode[0]);
    else if (event.key === "x") this.swap();
    else if (step && event.target === this.range) return false; // the slider moves by itself
    else if (step && this.range) this.#slide(step);
    else if (event.key === " " && this.mode === "blink" && event.target.tagName !== "BUTTON") this.#blink(!this.timer);
    else return zoomKey(this.stage, event.key);
    return true;
  }

  #tools() {
    const modes = MODES.map(([mode, word, key]) =>
      button(word, `${word} (${key})`, () => this.show(mode), { "aria-pressed": String(mode === this.mode) }),
    );
    const group = node("div", { class: "nb-modes", role: "group", "aria-label": "Way to compare" }, ...modes);
    const paused = button("Pause", "Pause or go on (Space)", () => this.#blink(!this.timer));
    this.pause = this.mode === "blink" ? paused : null;
    const own = [this.range && node("label", {}, this.rangeLabel(), this.range), this.pause];
    const swap = button("⇄ Swap", "Swap A and B (x)", () => this.swap());
    return [group, ...own.filter(Boolean), swap, ...zoomButtons(this.stage), ...closeButtons(this.el)];
  }

  rangeLabel() {
    return node("span", {}, this.mode === "difference" ? "Brighter " : "A – B ");
  }

  #range(label, min, max, value) {
    const range = node("input", { type: "range", min, max, value, step: 1, "aria-label": label });
    range.addEventListener("input", () => this.#draw());
    return range;
  }

  #slide(step) {
    const size = this.mode === "difference" ? 1 : 5;
    this.range.value = Number(this.range.value) + step * size;
    this.#draw();
  }

  #draw() {
    const [first, second] = this.stage.layers;
    const value = this.range ? Number(this.range.value) : 0;
    if (this.mode === "slider") {
      first.style.clipPath = `inset(0 ${100 - value}% 0 0)`;
      second.style.clipPath = `inset(0 0 0 ${value}%)`;
      this.bar.style.left = `${value}%`;
    }
    if (this.mode === "fade") second.style.opacity = String(value / 100);
    if (this.mode === "difference") this.stage.el.style.filter = `brightness(${value})`;
  }

  // The bar between the halves can be dragged as well; the range below it is for keys.
  #handle() {
    this.bar = node("div", { class: "nb-bar", "aria-hidden": "true" });
    this.stage.el.append(this.bar);
    const move = (event) => {
      const box = this.stage.el.getBoundingClientRect();
      this.range.value = (100 * (event.clientX - box.left)) / box.width;
      this.#draw();
    };
    this.bar.addEventListener("pointerdown", (event) => {
      event.stopPropagation();
      this.bar.setPointerCapture(event.pointerId);
      this.bar.addEventListener("pointermove", move);
      this.bar.addEventListener("lostpointercapture", () => this.bar.removeEventListener("pointermove", move), { once: true });
    });
  }

  #blink(on) {
    this.#still();
    if (on) this.timer = setInterval(() => this.#turn(), BLINK_MS);
    this.pause.textContent = on ? "Pause" : "Go on";
    if (!on) this.#turn();
    else this.#face(0);
  }

  #turn() {
    this.#face(this.face === 0 ? 1 : 0);
  }

  #face(face) {
    this.face = face;
    this.stage.layers.forEach((layer, n) => layer.classList.toggle("nb-away", n !== face));
    this.corners.forEach((corner, n) => corner.classList.toggle("nb-away", n !== face));
  }

  #still() {
    clearInterval(this.timer);
    this.timer = null;
  }

  #letters() {
    this.corners = ["A", "B"].map((letter) => node("span", { class: `nb-letter nb-corner-${letter.toLowerCase()}`, "aria-hidden": "true" }, letter));
    return this.mode === "difference" ? [] : this.corners;
  }

  #said([a, b]) {
    const names = unlike(this.data, a, b);
    const sides = [captionOf(this.data, a, names, "A"), captionOf(this.data, b, names, "B")];
    if (!names.length) sides.forEach((side) => side.append(node("span", {}, "the same settings")));
    if (a.prompt !== b.prompt) {
      wordDifference(a.prompt, b.prompt).forEach((parts, n) => sides[n].append(promptOf(parts)));
    }
    sides.forEach((side, n) => side.append(stars(this.data, [a, b][n], this.rate)?.el || ""));
    return sides;
  }
}
