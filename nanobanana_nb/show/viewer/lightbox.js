// One image, large: zoomed, moved, and walked on from to its neighbours in the grid.

import { button, dialog, enlarge, inset, link, node, redraw, words } from "./dom.js";
import { blank } from "./grid.js";
import { nameOf } from "./places.js";
import { Stage } from "./stage.js";
import { stars } from "./stars.js";

// What it reports: walk(direction), mark(position), rate(id, rating), use(id), closed().
export class Lightbox {
  constructor(root, data, told, inline) {
    [this.data, this.told] = [data, told];
    this.head = node("header", {});
    this.body = node("div", { class: "nb-body" });
    this.foot = node("footer", {});
    this.el = (inline ? inset : dialog)(root, "Image", "nb-lightbox", this.head, this.body, this.foot);
    this.el.addEventListener("close", () => told.closed());
  }

  show(position) {
    const image = this.data.images[position];
    this.position = position;
    const name = nameOf(this.data, image);
    this.stage = image.full || image.src ? new Stage([[image.full || image.src, name]], (scale) => this.#scaled(scale)) : null;
    this.badge = node("span", { class: "nb-letter", role: "status", "aria-label": "Mark" });
    this.zoomed = node("output", { "aria-label": "Zoom" }, "100 %");
    const title = words(name, { class: "nb-title", role: "heading", "aria-level": "2" });
    redraw(this.el, () => {
      this.head.replaceChildren(title, this.badge, ...this.#buttons(position));
      this.body.replaceChildren(this.stage ? this.stage.el : blank(image));
      this.foot.replaceChildren(...this.#said(image));
    });
    if (this.stage) this.stage.reset();
  }

  mark(marks) {
    this.badge.textContent = "AB"[marks.indexOf(this.position)] || "";
  }

  key(event) {
    const arrows = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (arrows && event.shiftKey && this.stage) this.stage.move(arrows[0] * 60, arrows[1] * 60);
    else if (arrows) this.told.walk(event.key);
    else if (event.key === "c") this.told.mark(this.position);
    else if (event.key === "r") this.#use();
    else if (this.ratings && this.ratings.key(event.key)) return true;
    else return this.stage ? zoomKey(this.stage, event.key) : false;
    return true;
  }

  #use() {
    const image = this.data.images[this.position];
    if (image.src) this.told.use?.(image.id);
  }

  #scaled(scale) {
    if (this.zoomed) this.zoomed.textContent = `${Math.round(scale * 100)} %`;
  }

  #buttons(position) {
    const image = this.data.images[position];
    const walk = (key, sign, word) => button(sign, word, () => this.told.walk(key));
    const made = [walk("ArrowLeft", "‹", "Image to the left"), walk("ArrowRight", "›", "Image to the right")];
    if (this.stage) made.push(...zoomButtons(this.stage), this.zoomed);
    if (image.src) made.push(button("Compare", "Mark to compare (c)", () => this.told.mark(position)));
    if (image.src && this.told.use) made.push(button("Use as reference", "Use as reference (r)", () => this.#use()));
    if (image.original) made.push(link(image.original, "Original"));
    return [...made, ...closeButtons(this.el)];
  }

  #said(image) {
    const short = [...(image.short || []), ...(image.differs || [])].join(" · ");
    const settings = Object.entries(image.caption || {}).map(([name, text]) => node("div", {}, node("dt", {}, name), node("dd", {}, words(text))));
    const prompt = image.private ? "The prompt is private and not part of this export." : image.prompt;
    const more = node("details", {}, node("summary", {}, "Prompt and settings"), node("p", { class: "nb-prompt", dir: "auto" }, prompt || ""), node("dl", {}, ...settings));
    this.ratings = stars(this.data, image, this.told.rate);
    return [this.ratings && this.ratings.el, words(short, { class: "nb-short" }), more].filter(Boolean);
  }
}

export function zoomKey(stage, key) {
  if (key === "+" || key === "=") stage.zoom(1);
  else if (key === "-") stage.zoom(-1);
  else if (key === "0") stage.reset();
  else return false;
  return true;
}

// What stands in the page can have the window, and gives its place back to the grid.
export function closeButtons(el) {
  const close = () => el.close();
  const within = [
    button("Whole window", "Show it over the whole window (w)", () => enlarge(el)),
    button("All images", "Back to all images (Esc)", close),
  ];
  return [node("div", { class: "nb-within" }, ...within), button("✕", "Close (Esc)", close, { class: "nb-over" })];
}

export function zoomButtons(stage) {
  return [
    button("−", "Smaller (-)", () => stage.zoom(-1)),
    button("+", "Larger (+)", () => stage.zoom(1)),
    button("Fit", "Whole image (0)", () => stage.reset()),
  ];
}
