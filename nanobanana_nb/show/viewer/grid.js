// The grid: pickers of axes above, headings that stay in sight, and a tile for each image.

import { button, node, picture, words } from "./dom.js";
import { nameOf, restOf, swapped, tableOf, withAxis, withValue } from "./places.js";

const KINDS = { failed: "nb-bad", "no file": "nb-bad", planned: "nb-quiet", sent: "nb-quiet", unknown: "nb-unknown" };

// What the grid reports: look(view), open(position), mark(position).
export class Grid {
  constructor(data, told) {
    [this.data, this.told] = [data, told];
    this.pickers = node("div", { class: "nb-pickers", role: "group", "aria-label": "Axes" });
    this.scroll = node("div", { class: "nb-scroll", tabindex: "-1" });
    this.marks = [];
  }

  show(view) {
    const at = this.current();
    this.view = view;
    this.tiles = new Map();
    const table = tableOf(this.data, view);
    this.pickers.replaceChildren(...this.#pickers());
    this.scroll.replaceChildren(...this.#tables(table));
    this.#reach(this.tiles.has(at) ? at : this.tiles.keys().next().value);
    this.mark(this.marks);
  }

  // The position in data.images of the tile that has, or last had, the focus.
  current() {
    const found = this.scroll.querySelector('.nb-open[tabindex="0"]');
    return found ? Number(found.dataset.at) : null;
  }

  focus(position) {
    const tile = this.tiles.get(position);
    if (!tile) return;
    this.#reach(position);
    tile.focus({ preventScroll: true });
    tile.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  mark(marks) {
    this.marks = marks;
    for (const [position, tile] of this.tiles) {
      const letter = "AB"[marks.indexOf(position)] || "";
      const figure = tile.closest("figure");
      figure.classList.toggle("nb-marked", letter !== "");
      figure.querySelector(".nb-badge").textContent = letter;
      const compare = figure.querySelector(".nb-compare");
      if (compare) compare.setAttribute("aria-pressed", String(letter !== ""));
    }
  }

  // Only one tile is in the tab order; arrow keys go to the others.
  #reach(position) {
    for (const [at, tile] of this.tiles) tile.tabIndex = at === position ? 0 : -1;
  }

  #pickers() {
    const { data, view } = this;
    if (!data.axes.length) return [];
    const swap = button("⇄ Swap", "Swap rows and columns (x)", () => this.told.look(swapped(view)));
    const sides = [this.#side("rows", "Rows"), this.#side("cols", "Columns"), swap];
    return [...sides, ...restOf(data, view).map((axis) => this.#value(axis))];
  }

  #side(side, label) {
    const options = [[-1, "–"], ...this.data.axes.map((axis, n) => [n, axis.name.trim()])];
    const pick = (value) => this.told.look(withAxis(this.view, side, Number(value)));
    return picker(label, options, this.view[side], pick);
  }

  #value(axis) {
    const { name, labels } = this.data.axes[axis];
    const options = [["all", "all"], ...labels.map((label, n) => [n, label])];
    const pick = (value) => this.told.look(withValue(this.view, axis, value === "all" ? null : Number(value)));
    return picker(name.trim(), options, this.view.at[axis] ?? "all", pick);
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
    const heading = (text, scope) => node("th", { scope, dir: "auto" }, text);
    const lines = rows.map((row, n) => node("tr", {}, heading(row, "row"), ...cells[n].map((cell) => this.#cell(cell))));
    const head = node("tr", {}, node("td", { class: "nb-corner" }), ...cols.map((col) => heading(col, "col")));
    const kind = [this.view.rows < 0 && "nb-no-rows", this.view.cols < 0 && "nb-no-cols"].filter(Boolean).join(" ");
    const label = `Images by ${this.#names().join(" and ")}`;
    return node("table", { class: kind, "aria-label": label }, node("thead", {}, head), node("tbody", {}, ...lines));
  }

  #names() {
    const { data, view } = this;
    return [view.rows, view.cols].filter((axis) => axis >= 0).map((axis) => data.axes[axis].name.trim());
  }

  #cell(positions) {
    const tiles = positions.map((position) => this.#tile(position, this.#left(position)));
    return node("td", {}, node("div", { class: "nb-cell" }, ...tiles));
  }

  #list(positions) {
    const named = (position) => nameOf(this.data, this.data.images[position]);
    return node("div", { class: "nb-list" }, ...positions.map((at) => this.#tile(at, named(at))));
  }

  // What headings and pickers do not tell of an image: the axes of which all values are shown.
  #left(position) {
    const { data, view } = this;
    const { point } = data.images[position];
    const open = restOf(data, view).filter((axis) => view.at[axis] === null);
    return open.map((axis) => `${data.axes[axis].name.trim()} ${data.axes[axis].labels[point[axis]]}`).join(" · ");
  }

  #tile(position, title) {
    const image = this.data.images[position];
    const name = [nameOf(this.data, image), image.state, image.reason].filter(Boolean).join(", ");
    const given = { type: "button", class: "nb-open", "data-at": position, "aria-label": `Open ${name}`, tabindex: "-1" };
    const inside = image.src ? picture(image.src, "", size(image)) : blank(image);
    const tile = node("button", { ...given, onclick: () => this.told.open(position) }, inside);
    tile.addEventListener("focus", () => this.#reach(position));
    this.tiles.set(position, tile);
    const badge = node("span", { class: "nb-badge", "aria-hidden": "true" });
    return node("figure", { class: "nb-tile" }, tile, badge, this.#caption(position, title, name));
  }

  #caption(position, title, name) {
    const image = this.data.images[position];
    const said = [
      title && words(title, { class: "nb-name" }),
      (image.short || []).length > 0 && words(image.short.join(" · ")),
      (image.differs || []).length > 0 && words(image.differs.join(" · "), { class: "nb-differs" }),
      image.src && button("Compare", `Compare ${name}`, () => this.told.mark(position), { class: "nb-compare", tabindex: "-1" }),
    ];
    return node("figcaption", {}, ...said.filter(Boolean));
  }
}

// An honest tile for an image that is not there: its state, the reason, and the money.
export function blank(image) {
  const kind = KINDS[image.state] ?? "nb-waits";
  const said = [image.reason, image.charged].filter(Boolean).map((text) => words(text));
  return node("span", { class: `nb-blank ${kind}` }, node("b", {}, image.state), ...said);
}

function picker(label, options, chosen, pick) {
  const made = options.map(([value, text]) => node("option", { value, selected: String(value) === String(chosen) }, text));
  const select = node("select", { onchange: (event) => pick(event.target.value), "data-axis": label, "aria-label": label }, ...made);
  return node("label", { dir: "auto" }, `${label} `, select);
}

function size(image) {
  return image.width && image.height ? { width: image.width, height: image.height } : {};
}
