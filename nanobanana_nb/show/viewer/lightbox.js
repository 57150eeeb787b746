// One image, large: zoomed, moved, and walked on from to its neighbours in the grid.

import { bar, button, dialog, enlarge, inset, link, node, redraw, words } from "./dom.js";
import { nameOf } from "./places.js";
import { Stage } from "./stage.js";
import { ratingOf } from "./stars.js";
import { blank } from "./tile.js";
import { zoomButtons, zoomKey } from "./zoom.js";

// calls: walk(direction), mark(position), use(id) where an image can be used, help(), closed().
export class Lightbox {
  constructor(root, data, ratings, calls, inline) {
    [this.data, this.ratings, this.calls] = [data, ratings, calls];
    this.head = node("header", {});
    this.body = node("div", { class: "nb-body" });
    this.foot = node("footer", {});
    this.el = (inline ? inset : dialog)(root, "Image", "nb-lightbox", this.head, this.body, this.foot);
    this.el.addEventListener("close", () => calls.closed());
  }

  show(position) {
    const image = this.data.images[position];
    [this.position, this.image] = [position, image];
    const name = nameOf(this.data, image);
    this.stage = image.full || image.src ? new Stage([[image.full || image.src, name, image.width]]) : null;
    this.badge = node("span", { class: "nb-letter", role: "status", "aria-label": "Mark" });
    const title = words(name, { class: "nb-title", role: "heading", "aria-level": "2" });
    redraw(this.el, () => {
      this.head.replaceChildren(...bar([title, this.badge, ...this.#buttons()], closeButtons(this.el, this.calls.help)));
      this.body.replaceChildren(this.stage ? this.stage.el : blank(image));
      this.foot.replaceChildren(...this.#lines());
    });
    if (this.stage) this.stage.reset();
  }

  mark(marks) {
    this.badge.textContent = "AB"[marks.indexOf(this.position)] || "";
  }

  rate() {
    this.rating?.draw();
  }

  key(event) {
    const arrows = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (arrows && event.shiftKey && this.stage) this.stage.move(arrows[0] * 60, arrows[1] * 60);
    else if (arrows) this.calls.walk(event.key);
    else if (event.key === "c") this.calls.mark(this.position);
    else if (event.key === "r") this.#use();
    else if (event.key === "n" && this.rating?.note) this.rating.note.focus();
    else if (this.ratings.key(this.image, event.key)) return true;
    else return this.stage ? zoomKey(this.stage, event.key) : false;
    return true;
  }

  #use() {
    if (this.image.src) this.calls.use?.(this.image.id);
  }

  #buttons() {
    const { image, calls } = this;
    const walk = (key, sign, word) => button(sign, word, () => calls.walk(key));
    const made = [walk("ArrowLeft", "‹", "Image to the left"), walk("ArrowRight", "›", "Image to the right")];
    if (this.stage) made.push(zoomButtons(this.stage));
    if (image.src) made.push(button("Compare", "Mark to compare (c)", () => calls.mark(this.position)));
    if (image.src && calls.use) made.push(button("Use as reference", "Use as reference (r)", () => this.#use()));
    if (image.original) made.push(link(image.original, "Original"));
    return made;
  }

  #lines() {
    const { image } = this;
    const short = [...(image.short || []), ...(image.differences || [])].join(" · ");
    const settings = Object.entries(image.caption || {}).map(([name, text]) => node("div", {}, node("dt", {}, name), node("dd", {}, words(text))));
    const prompt = image.private ? "The prompt is private and not part of this export." : image.prompt;
    const more = node("details", {}, node("summary", {}, "Prompt and settings"), node("p", { class: "nb-prompt", dir: "auto" }, prompt || ""), node("dl", {}, ...settings));
    this.rating = ratingOf(this.ratings, image);
    return [this.rating?.el, words(short, { class: "nb-short" }), more].filter(Boolean);
  }
}

// What stands in the page can have the window, and gives its place back to the grid.
export function closeButtons(el, help) {
  const close = () => el.close();
  const within = [
    button("Whole window", "Show it over the whole window (w)", () => enlarge(el), { class: "nb-within" }),
    button("All images", "Back to all images (Esc)", close, { class: "nb-within" }),
  ];
  return [button("?", "Show the keys (?)", help, { class: "nb-over" }), ...within, button("✕", "Close (Esc)", close, { class: "nb-over" })];
}
