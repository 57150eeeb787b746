// The grid: pickers of axes above, headings that stay in sight, and a tile for each image.

import { button, node } from "./dom.js";
import { filterOf, measuresOf, ordered } from "./filter.js";
import { besides, over } from "./headings.js";
import { pickersOf } from "./pickers.js";
import { nameOf, neighbour, restOf, tableOf } from "./places.js";
import { Tile } from "./tile.js";

// calls: look(view), open(position), mark(position), unsort().
export class Grid {
  constructor(data, ratings, calls) {
    [this.data, this.ratings, this.marks, this.known] = [data, ratings, [], new Map()];
    this.calls = { ...calls, reach: (position) => this.#reach(position) };
    this.pickers = node("div", { class: "nb-pickers", role: "group", "aria-label": "Axes" });
    this.scroll = node("div", { class: "nb-scroll", tabindex: "-1" });
  }

  show(view, query) {
    const at = this.current();
    [this.view, this.query, this.tiles] = [view, query, new Map()];
    const table = tableOf(this.data, view);
    this.pickers.replaceChildren(...(query.order ? [this.#unsort(table.list)] : pickersOf(this.data, view, this.calls.look)));
    this.scroll.replaceChildren(...(query.order ? [this.#list(ordered(this.data, query, [...this.data.images.keys()]))] : this.#tables(table)));
    this.#reach(this.tiles.has(at) ? at : this.tiles.keys().next().value);
    this.mark(this.marks);
    this.filter(query);
  }

  // Leaves what is not asked for out of sight, or in its place in the table without its looks.
  filter(query) {
    this.query = query;
    const isWanted = filterOf(this.data, query);
    const measure = measuresOf(this.data).find(([key]) => key === (query.order || query.score));
    const focused = this.scroll.contains(document.activeElement);
    for (const tile of this.tiles.values()) {
      tile.narrow(isWanted(tile.image));
      tile.tell(measure);
    }
    const current = this.tiles.get(this.current());
    if (current?.isWanted) return;
    const first = [...this.tiles.values()].find((tile) => tile.isWanted);
    if (first && focused) this.focus(first.position);
    else if (first) this.#reach(first.position);
  }

  // Positions of what is asked for and shown, in the order of the tiles.
  positions() {
    return [...this.tiles.values()].filter((tile) => tile.isWanted).map((tile) => tile.position);
  }

  // The position in data.images of the tile that has, or last had, the focus.
  current() {
    return this.reached ?? null;
  }

  // The position next to another one in a direction, undefined at the edge.
  next(position, direction) {
    const from = this.tiles.get(position);
    const tiles = [...this.tiles.values()].filter((tile) => tile.isWanted).map((tile) => tile.open);
    const next = from && neighbour(tiles, from.open, direction);
    return next ? Number(next.dataset.at) : undefined;
  }

  focus(position) {
    const tile = this.tiles.get(position);
    if (!tile) return;
    this.#reach(position);
    tile.open.focus({ preventScroll: true });
    tile.open.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  mark(marks) {
    this.marks = marks;
    for (const [position, tile] of this.tiles) tile.mark("AB"[marks.indexOf(position)] || "");
  }

  rate(image) {
    for (const tile of this.tiles.values()) if (tile.image === image) tile.rate();
  }

  // Only one tile is in the tab order; arrow keys go to the others.
  #reach(position) {
    this.reached = position;
    for (const [at, tile] of this.tiles) tile.open.tabIndex = at === position ? 0 : -1;
  }

  #unsort(list) {
    const text = list ? "As planned" : "Table";
    return button(`⊞ ${text}`, "Back to the order of the plan", this.calls.unsort);
  }

  #tables(table) {
    const filled = table.cells.some((row) => row.some((cell) => cell.length));
    const shown = [];
    if (filled) shown.push(table.list ? this.#list(table.cells[0][0]) : this.#table(table));
    if (filled && table.others.length) shown.push(node("h2", {}, "Others"));
    if (table.others.length) shown.push(this.#list(table.others));
    return shown;
  }

  #table({ rows, cols, cells }) {
    const { rows: down, cols: across } = this.view;
    const lines = rows.map((_, n) => node("tr", {}, ...besides(rows, n), ...cells[n].map((cell) => this.#cell(cell))));
    const corner = (level) => (level || !down.length ? null : node("td", { class: "nb-corner", colspan: down.length, rowspan: across.length }));
    const heads = across.map((_, level) => node("tr", {}, corner(level), ...over(cols, level)));
    const label = `Images by ${[...down, ...across].map((axis) => this.data.axes[axis].name.trim()).join(" and ")}`;
    const kind = across.length ? null : "nb-no-cols";
    return node("table", { class: kind, "aria-label": label }, node("thead", {}, ...heads), node("tbody", {}, ...lines));
  }

  #cell(positions) {
    const tiles = positions.map((position) => this.#tile(position, this.#left(position)));
    return node("td", {}, node("div", { class: "nb-cell" }, ...tiles));
  }

  #list(positions) {
    const named = (position) => nameOf(this.data, this.data.images[position]);
    return node("div", { class: "nb-list" }, ...positions.map((at) => this.#tile(at, named(at))));
  }

  // A tile is made once: in another order it is only moved, and its picture is not read anew.
  #tile(position, title) {
    const known = this.known.get(position);
    const tile = known?.image === this.data.images[position] ? known : new Tile(this, position);
    for (const tiles of [this.known, this.tiles]) tiles.set(position, tile);
    return tile.rename(title);
  }

  // What headings and pickers do not tell of an image: the axes of which all values are shown.
  #left(position) {
    const { data, view } = this;
    const { point } = data.images[position];
    const open = restOf(data, view).filter((axis) => view.at[axis] === null);
    return open.map((axis) => `${data.axes[axis].name.trim()} ${data.axes[axis].labels[point[axis]]}`).join(" · ");
  }
}
