// Two images on one place: slider, blink, fade, difference, or side by side.

import { bar, button, dialog, inset, node, redraw } from "./dom.js";
import { closeButtons } from "./lightbox.js";
import { nameOf } from "./places.js";
import { Sides } from "./sides.js";
import { Stage } from "./stage.js";
import { ratingOf } from "./stars.js";
import { captionOf, promptOf, unlike, wordDifference } from "./words.js";
import { zoomButtons, zoomKey } from "./zoom.js";

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

// calls: positions() of what can be compared, help(), paired(pair), closed().
export class Compare {
  constructor(root, data, ratings, pair, { inline, ...calls }) {
    [this.data, this.ratings] = [data, ratings];
    this.sides = new Sides(data, pair, calls.positions, () => {
      calls.paired(this.sides.pair);
      this.#renew();
    });
    [this.help, this.head] = [calls.help, node("header", {})];
    this.body = node("div", { class: "nb-body" });
    this.foot = node("footer", { class: "nb-unlike" });
    const parts = [this.head, this.body, this.sides.strip, this.foot];
    this.el = (inline ? inset : dialog)(root, "Compare two images", "nb-compare-box", ...parts);
    this.el.addEventListener("close", () => {
      this.#still();
      calls.closed();
    });
    this.show("slider");
  }

  show(mode) {
    this.mode = mode;
    this.range = RANGES[mode] ? this.#range(...RANGES[mode]) : null;
    this.#draw();
    this.stage.reset();
  }

  // Another image takes the place of one of them: what is looked at stays the same part of it.
  #renew() {
    const { look } = this.stage;
    const paused = this.mode === "blink" && !this.timer;
    this.#draw();
    this.stage.look = look;
    if (paused) this.#blink(false);
  }

  #draw() {
    this.#still();
    const images = this.sides.images();
    this.stage = new Stage(images.map((image) => [image.full || image.src, nameOf(this.data, image), image.width]));
    this.stage.el.dataset.mode = this.mode;
    redraw(this.el, () => {
      this.head.replaceChildren(...this.#tools());
      this.body.replaceChildren(...this.#letters(), this.stage.el);
      this.foot.replaceChildren(...this.#captions(images));
    });
    if (this.mode === "slider") this.#handle();
    if (this.mode === "blink") this.#blink(!matchMedia("(prefers-reduced-motion: reduce)").matches);
    this.#apply();
  }

  rate() {
    for (const rating of this.rated) rating?.draw();
  }

  key(event) {
    const mode = MODES.find(([, , key]) => key === event.key);
    if (mode) this.show(mode[0]);
    else if (this.sides.key(event)) return true;
    else if (this.#slideKey(event)) return event.target !== this.range; // which moves by itself
    else if (event.key === " " && this.mode === "blink" && event.target.tagName !== "BUTTON") this.#blink(!this.timer);
    else return zoomKey(this.stage, event.key);
    return true;
  }

  #slideKey({ key, target }) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (!step || !this.range) return false;
    if (target !== this.range) this.#slide(step);
    return true;
  }

  #tools() {
    const modes = MODES.map(([mode, word, key]) =>
      button(word, `${word} (${key})`, () => this.show(mode), { "aria-pressed": String(mode === this.mode) }),
    );
    const group = node("div", { class: "nb-modes", role: "group", "aria-label": "Way to compare" }, ...modes);
    const paused = button("Pause", "Pause or go on (Space)", () => this.#blink(!this.timer));
    this.pause = this.mode === "blink" ? paused : null;
    const label = this.mode === "difference" ? "Brighter " : "A – B ";
    const own = [this.range && node("label", {}, node("span", {}, label), this.range), this.pause];
    const tools = [group, ...own.filter(Boolean), this.sides.tools(), zoomButtons(this.stage)];
    return bar(tools, closeButtons(this.el, this.help));
  }

  #range(label, min, max, value) {
    const range = node("input", { type: "range", min, max, value, step: 1, "aria-label": label });
    range.addEventListener("input", () => this.#apply());
    return range;
  }

  #slide(step) {
    const size = this.mode === "difference" ? 1 : 5;
    this.range.value = Number(this.range.value) + step * size;
    this.#apply();
  }

  #apply() {
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
      this.#apply();
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

  #captions([a, b]) {
    const names = unlike(this.data, a, b);
    const captions = [captionOf(this.data, a, names, "A"), captionOf(this.data, b, names, "B")];
    if (!names.length) captions.forEach((caption) => caption.append(node("span", {}, "the same settings")));
    if (a.prompt !== b.prompt) {
      wordDifference(a.prompt, b.prompt).forEach((parts, n) => captions[n].append(promptOf(parts)));
    }
    this.rated = [a, b].map((image) => ratingOf(this.ratings, image));
    captions.forEach((caption, n) => caption.append(this.rated[n]?.el || ""));
    return captions;
  }
}
