// The viewer: `mount(el, data, callbacks)` for a page, `render({ model, el })` for anywidget.

import { Compare } from "./compare.js";
import { button, enlarge, letThrough, node, notice, words } from "./dom.js";
import { Grid } from "./grid.js";
import { showKeys } from "./keys.js";
import { Lightbox } from "./lightbox.js";
import { nameOf, neighbour, startView, swapped, tableOf, turned } from "./places.js";

const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

// data: {title, counts, settings, notes, axes: [{name, labels}], view: {rows, cols, pages}, images:
// [{id, point, src, full, caption, short, state, reason, charged, prompt, private, differs,
// width, height, original}], ratings, start: {pair: [position, position]} or {image: position}}.
// callbacks: onRate(id, {stars, favourite, note}), onUse(id) where an image can be a reference,
// onClose(), and `keys`, the element whose keys are meant (the viewer itself unless told).
// Returns what takes the viewer away again.
export function mount(el, data, callbacks = {}) {
  const viewer = new Viewer(el, data, callbacks);
  return () => viewer.leave();
}

export function render({ model, el }) {
  let used = null; // the image that the kernel was last told to use
  const callbacks = {
    onUse: (id) => model.send({ kind: "use", id: (used = id) }),
    onRate: (id, rating) => model.send({ kind: "rate", id, rating }),
    onClose: () => model.send({ kind: "close" }),
  };
  let viewer = null;
  const draw = () => {
    if (viewer) viewer.leave();
    const data = model.get("data");
    // A page that is loaded again must not be covered by what was opened there once.
    const open = data.start?.inline || !model.get("shown");
    viewer = new Viewer(el, open ? data : { ...data, start: {} }, callbacks);
    model.set("shown", true);
    model.save_changes();
  };
  const hear = (message) => {
    if (message.kind === "fill") viewer.fill(message.images);
    else notice(el, message, () => model.send({ kind: "insert", id: used }));
  };
  model.on("change:data", draw);
  model.on("msg:custom", hear);
  draw();
  return () => {
    model.off("change:data", draw);
    model.off("msg:custom", hear);
    viewer.leave();
  };
}

export default { render };

class Viewer {
  constructor(el, data, callbacks) {
    [this.data, this.callbacks, this.marks] = [data, callbacks, []];
    this.root = node("div", { class: "nb-viewer" });
    this.root.classList.toggle("nb-page", Boolean(callbacks.keys));
    this.status = node("div", { class: "nb-status", role: "status" });
    this.grid = new Grid(data, {
      look: (view) => this.look(view),
      open: (position) => this.open(position),
      mark: (position) => this.mark(position),
    });
    this.root.append(...this.#head(), this.grid.scroll, this.status, ...this.#foot());
    el.append(this.root);
    this.keys = callbacks.keys || this.root;
    this.listen = (event) => this.#key(event);
    this.keys.addEventListener("keydown", this.listen);
    const own = ({ key, shiftKey }) => shiftKey && key !== "Enter"; // `?`, and arrows that move
    this.leaveKeys = letThrough(this.root, own);
    this.look(startView(data));
    this.#start(data.start || {});
  }

  // What is open from the beginning: a pair compared, or one image. A widget is drawn before it
  // is on the page, where no dialog can open yet.
  #start(start, frames = 60) {
    const { pair, image, inline } = start;
    if (!pair && image === undefined) return;
    if (!this.root.isConnected) {
      if (frames) requestAnimationFrame(() => this.#start(start, frames - 1));
    } else if (pair) pair.forEach((position) => this.mark(position, inline));
    else this.open(image, inline);
  }

  leave() {
    this.leaveKeys();
    this.keys.removeEventListener("keydown", this.listen);
    for (const open of this.root.querySelectorAll("dialog")) open.close();
    this.root.remove();
  }

  // Images of a run that goes on: [[position, image], ...]. What is open stays as it is.
  fill(images) {
    for (const [position, image] of images) this.data.images[position] = image;
    const focused = this.grid.scroll.contains(document.activeElement);
    this.look(this.view);
    if (focused) this.grid.focus(this.grid.current());
  }

  look(view) {
    const active = document.activeElement;
    const label = this.grid.pickers.contains(active) ? active.dataset.axis || active.title : null;
    this.view = view;
    this.grid.show(view);
    if (label === null) return;
    const same = [...this.grid.pickers.querySelectorAll("select, button")];
    same.find((one) => (one.dataset.axis || one.title) === label)?.focus();
  }

  open(position, inline = false) {
    if (!inline) this.grid.focus(position);
    if (!this.lightbox) {
      const told = {
        walk: (direction) => this.#walk(direction),
        mark: (at) => this.mark(at),
        rate: this.callbacks.onRate,
        use: this.callbacks.onUse,
        closed: () => this.#back(),
      };
      this.lightbox = new Lightbox(this.root, this.data, told, inline);
    }
    this.lightbox.show(position);
    this.lightbox.mark(this.marks);
  }

  mark(position, inline = false) {
    if (!this.data.images[position].src) return;
    const had = this.marks.includes(position);
    this.marks = had ? this.marks.filter((at) => at !== position) : [...this.marks, position].slice(-2);
    this.grid.mark(this.marks);
    this.lightbox?.mark(this.marks);
    this.#tell();
    if (this.marks.length === 2 && !had) this.compare(inline);
  }

  use(position) {
    const image = this.data.images[position];
    if (image?.src) this.callbacks.onUse(image.id);
  }

  compare(inline = false) {
    if (this.lightbox) this.lightbox.el.close();
    const closed = () => {
      this.comparison = null;
      this.grid.focus(this.grid.current());
    };
    this.comparison = new Compare(this.root, this.data, [...this.marks], { inline, rate: this.callbacks.onRate, closed });
  }

  #rates() {
    return Boolean(this.data.ratings && this.callbacks.onRate);
  }

  #back() {
    const { position } = this.lightbox;
    this.lightbox = null;
    this.grid.focus(position);
  }

  #walk(direction) {
    const from = this.grid.tiles.get(this.lightbox ? this.lightbox.position : this.grid.current());
    const tile = from && neighbour(this.grid.tiles.values(), from, direction);
    if (!tile) return;
    const position = Number(tile.dataset.at);
    if (this.lightbox) this.open(position);
    else this.grid.focus(position);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.matches?.('select, textarea, input:not([type="range"])');
    if (typing || event.key === "Tab" || this.root.querySelector(".nb-keys")) return;
    const inset = this.root.querySelector("dialog[open]:not(:modal)");
    if ((inset && this.#insetKey(inset, event.key)) || (event.key !== "Escape" && this.#does(event))) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  // A dialog over the page hears Escape by itself.
  #insetKey(inset, key) {
    if (key === "Escape") inset.close();
    else if (key === "w") enlarge(inset);
    else return false;
    return true;
  }

  #does(event) {
    if (event.key === "?") return Boolean(showKeys(this.root, this.#rates(), this.callbacks.onUse));
    if (this.comparison) return this.comparison.key(event);
    if (this.lightbox) return this.lightbox.key(event);
    return this.#gridKey(event);
  }

  #gridKey({ key, target }) {
    if (target.type === "range") return false;
    const focused = this.grid.scroll.contains(document.activeElement);
    if (ARROWS.includes(key)) focused ? this.#walk(key) : this.grid.focus(this.grid.current());
    else if (key === "c" && this.grid.current() !== null) this.mark(this.grid.current());
    else if (key === "r" && this.callbacks.onUse) this.use(this.grid.current());
    else if (key === "x") this.look(swapped(this.view));
    else if (key === "[" || key === "]") this.look(turned(this.data, this.view, key === "]" ? 1 : -1));
    else return false;
    if (focused && "x[]".includes(key)) this.grid.focus(this.grid.current());
    return true;
  }

  #head() {
    const size = node("input", { type: "range", min: 96, max: 480, step: 8, "aria-label": "Size of the tiles" });
    size.addEventListener("input", () => this.root.style.setProperty("--nb-tile", `${size.value}px`));
    size.value = this.#roomFor();
    this.root.style.setProperty("--nb-tile", `${size.value}px`);
    this.root.style.setProperty("--nb-shape", this.#shape());
    const help = button("?", "Show the keys (?)", () => showKeys(this.root, this.#rates(), this.callbacks.onUse));
    const tools = node("div", { class: "nb-tools" }, this.grid.pickers, node("label", {}, "Size ", size), help);
    const { onClose } = this.callbacks;
    if (onClose) tools.append(button("✕", "Close the viewer", onClose));
    return [node("h1", { dir: "auto" }, this.data.title || ""), tools];
  }

  // As large as a usual window allows with the columns that are shown first.
  #roomFor() {
    const view = startView(this.data);
    const { cells, cols, list } = tableOf(this.data, view);
    const widest = Math.max(1, ...cells.flat().map((cell) => cell.length));
    const count = list ? Math.min(4, this.data.images.length) : cols.length * (view.cols.length ? widest : 4);
    const side = 180 + 110 * Math.max(0, view.rows.length - 1); // row headings beside the tiles
    return Math.max(120, Math.min(list ? 420 : 260, Math.floor((Math.min(innerWidth, 1280) - side) / count - 14)));
  }

  // Height by width of the image in the middle, for tiles without one.
  #shape() {
    const known = this.data.images.filter(({ width, height }) => width && height);
    const shapes = known.map(({ width, height }) => height / width).sort((a, b) => a - b);
    return Math.min(1.5, shapes[Math.floor(shapes.length / 2)] ?? 0.75);
  }

  #foot() {
    const { counts = [], settings = [], notes = [] } = this.data;
    const [first, ...rest] = counts;
    const line = node("p", {}, node("b", {}, first || ""), rest.length ? ` · ${rest.join(" · ")}` : "", " ", words(settings.join(" · "), { class: "nb-soft" }));
    const said = notes.map((note) => node("p", { class: "nb-soft", dir: "auto" }, note));
    return counts.length || said.length ? [node("footer", { class: "nb-foot" }, line, ...said)] : [];
  }

  #tell() {
    const said = this.marks.map((at, n) => words(`${"AB"[n]}: ${nameOf(this.data, this.data.images[at])}`));
    const clear = button("Clear", "Clear the marks", () => {
      this.marks = [];
      this.grid.mark([]);
      this.#tell();
    });
    const next = this.marks.length === 2 ? button("Compare", "Compare A and B", () => this.compare()) : words("Mark another to compare.");
    this.status.replaceChildren(...(said.length ? [...said, next, clear] : []));
  }
}
