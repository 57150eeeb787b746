// The viewer: what is open, what is marked, and which key goes where.

import { Compare } from "./compare.js";
import { enlarge, letThrough, node, onceConnected } from "./dom.js";
import { filterOf, isNarrow, ordered, queryOf } from "./filter.js";
import { Finder } from "./finder.js";
import { Grid } from "./grid.js";
import { footOf, headOf } from "./head.js";
import { showKeys } from "./keys.js";
import { Lightbox } from "./lightbox.js";
import { Marks } from "./marks.js";
import { startView, swapped, turned } from "./places.js";
import { Ratings } from "./stars.js";

const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

export class Viewer {
  constructor(el, data, callbacks) {
    [this.data, this.callbacks] = [data, callbacks];
    this.query = queryOf(data, callbacks.query);
    this.root = node("div", { class: "nb-viewer" });
    this.root.classList.toggle("nb-page", Boolean(callbacks.keys));
    this.ratings = new Ratings(data, callbacks.onRate, (image) => this.#rated(image));
    this.marks = new Marks(data, { changed: (positions) => this.#marked(positions), compare: () => this.compare() });
    this.grid = this.#grid();
    this.finder = this.#finder();
    const head = headOf(this.root, data, this.grid.pickers, { help: () => this.#help(), close: callbacks.onClose });
    const find = data.images.length > 1 ? [this.finder.el] : [];
    this.root.append(...head, ...find, this.grid.scroll, this.marks.el, ...footOf(data));
    el.append(this.root);
    this.keys = callbacks.keys || this.root;
    this.listen = (event) => this.#key(event);
    this.keys.addEventListener("keydown", this.listen);
    const own = ({ key, shiftKey }) => shiftKey && key !== "Enter"; // `?`, and arrows that move
    this.leaveKeys = letThrough(this.root, own);
    this.look(startView(data));
    onceConnected(this.root, () => this.#start(data.start || {}));
  }

  // What is open from the beginning: a pair compared, or one image.
  #start({ pair, image, inline }) {
    if (pair) pair.forEach((position) => this.mark(position, inline));
    else if (image !== undefined) this.open(image, inline);
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
    this.finder.draw();
    this.look(this.view);
    this.comparison?.sides.fill();
    if (focused) this.grid.focus(this.grid.current());
  }

  look(view) {
    const active = document.activeElement;
    const label = this.grid.pickers.contains(active) ? active.dataset.axis || active.title : null;
    this.view = view;
    this.grid.show(view, this.query);
    this.#count();
    if (label === null) return;
    const same = [...this.grid.pickers.querySelectorAll("select, button")];
    same.find((one) => (one.dataset.axis || one.title) === label)?.focus();
  }

  // Another query: only another order needs the tiles anew.
  find(query) {
    const { order, rising } = this.query;
    this.query = query;
    if (order === query.order && rising === query.rising) this.#filter();
    else this.look(this.view);
    this.callbacks.onQuery?.(query);
  }

  open(position, inline = false) {
    if (!inline) this.grid.focus(position);
    this.lightbox ||= this.#lightbox(inline);
    this.lightbox.show(position);
    this.lightbox.mark(this.marks.positions);
  }

  mark(position, inline = false) {
    if (this.marks.turn(position)) this.compare(inline);
  }

  use(position) {
    const image = this.data.images[position];
    if (image?.src) this.callbacks.onUse(image.id);
  }

  compare(inline = false) {
    if (this.lightbox) this.lightbox.el.close();
    const calls = {
      inline,
      positions: () => this.#comparable(),
      help: () => this.#help(),
      paired: (pair) => this.marks.set([...pair]),
      closed: () => {
        this.comparison = null;
        this.#filter();
        this.grid.focus(this.grid.current());
      },
    };
    this.comparison = new Compare(this.root, this.data, this.ratings, [...this.marks.positions], calls);
  }

  #grid() {
    return new Grid(this.data, this.ratings, {
      look: (view) => this.look(view),
      open: (position) => this.open(position),
      mark: (position) => this.mark(position),
      unsort: () => this.finder.set({ order: "" }),
    });
  }

  #finder() {
    return new Finder(this.data, this.query, {
      change: (query) => this.find(query),
      leave: () => this.grid.focus(this.grid.current()),
    });
  }

  #lightbox(inline) {
    const calls = {
      walk: (direction) => this.#walk(direction),
      mark: (at) => this.mark(at),
      use: this.callbacks.onUse,
      help: () => this.#help(),
      closed: () => {
        const { position } = this.lightbox;
        this.lightbox = null;
        this.grid.focus(position);
        this.#filter();
      },
    };
    return new Lightbox(this.root, this.data, this.ratings, calls, inline);
  }

  // What is open stays in the grid until it is closed, whatever is asked for.
  #rated(image) {
    this.grid.rate(image);
    this.lightbox?.rate();
    this.comparison?.rate();
    if (!this.lightbox && !this.comparison) this.#filter();
  }

  #filter() {
    this.grid.filter(this.query);
    this.#count();
  }

  #count() {
    const isWanted = filterOf(this.data, this.query);
    this.finder.tell(this.data.images.filter(isWanted).length, this.grid.positions().length);
  }

  // Pictures that are asked for, on other pages too, in their order.
  #comparable() {
    const isWanted = filterOf(this.data, this.query);
    const positions = [...this.data.images.keys()].filter((at) => this.data.images[at].src && isWanted(this.data.images[at]));
    return this.query.order ? ordered(this.data, this.query, positions) : positions;
  }

  #marked(positions) {
    this.grid.mark(positions);
    this.lightbox?.mark(positions);
  }

  #walk(direction) {
    const next = this.grid.next(this.lightbox ? this.lightbox.position : this.grid.current(), direction);
    if (next === undefined) return;
    if (this.lightbox) this.open(next);
    else this.grid.focus(next);
  }

  #help() {
    const open = this.comparison ? "pair" : this.lightbox ? "image" : "grid";
    return showKeys(this.root, { open, rated: this.ratings.open, used: this.callbacks.onUse });
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.matches?.('select, textarea, input:not([type="range"])');
    if (typing || event.key === "Tab") return;
    const inset = this.root.querySelector("dialog[open]:not(:modal)");
    const keys = this.root.querySelector(".nb-keys[open]");
    const does = keys ? this.#keysKey(keys, event.key) : (inset && this.#insetKey(inset, event.key)) || this.#does(event);
    if (!does) return;
    event.preventDefault();
    event.stopPropagation();
  }

  // It is gone before the dialog below it could hear the same Escape.
  #keysKey(keys, key) {
    if (key !== "?" && key !== "Escape") return false;
    keys.close();
    return true;
  }

  // A dialog over the page hears Escape by itself.
  #insetKey(inset, key) {
    if (key === "Escape") inset.close();
    else if (key === "w") enlarge(inset);
    else return false;
    return true;
  }

  #does(event) {
    const open = this.comparison || this.lightbox;
    if (event.key === "Escape") return !open && this.#clears();
    if (event.key === "?") return Boolean(this.#help());
    return open ? open.key(event) : this.#gridKey(event);
  }

  #clears() {
    if (!isNarrow(this.query)) return false;
    this.finder.clear();
    this.grid.focus(this.grid.current());
    return true;
  }

  #gridKey({ key, target }) {
    if (target.type === "range") return false;
    const focused = this.grid.scroll.contains(document.activeElement);
    const image = this.data.images[this.grid.current()];
    if (ARROWS.includes(key)) focused ? this.#walk(key) : this.grid.focus(this.grid.current());
    else if (key === "/") this.finder.focus();
    else if (key === "c" && image) this.mark(this.grid.current());
    else if (key === "r" && this.callbacks.onUse) this.use(this.grid.current());
    else if (focused && image?.src && this.ratings.key(image, key)) return true;
    else return !this.query.order && this.#viewKey(key, focused);
    return true;
  }

  #viewKey(key, focused) {
    if (key === "x") this.look(swapped(this.view));
    else if (key === "[" || key === "]") this.look(turned(this.data, this.view, key === "]" ? 1 : -1));
    else return false;
    if (focused) this.grid.focus(this.grid.current());
    return true;
  }
}
