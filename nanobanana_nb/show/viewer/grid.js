// The grid: pickers of axes above, headings that stay in sight, and a tile for each image.

import { button, node, picture, words } from "./dom.js";
import { nameOf, restOf, swapped, tableOf, usedOf, withSide, withValue } from "./places.js";

const KINDS = { failed: "nb-bad", "no file": "nb-bad", "not sent": "nb-quiet", waiting: "nb-quiet", running: "nb-quiet", stopped: "nb-quiet", unknown: "nb-unknown" };

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
    const { data, view } = this;
    const known = view.sides.some((axes) => String(axes) === String(view[side]));
    const sides = known ? view.sides : [...view.sides, view[side]];
    const options = sides.map((axes) => [String(axes), axes.map((n) => data.axes[n].name.trim()).join(", ") || "–"]);
    const pick = (value) => this.told.look(withSide(view, side, value.split(",").filter(Boolean).map(Number)));
    return picker(label, options, view[side], pick);
  }

  #value(axis) {
    const { name, labels } = this.data.axes[axis];
    const options = [["all", "all"], ...usedOf(this.data, axis).map((n) => [n, labels[n]])];
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

// How many headings from the n-th on are the same down to a level, 0 where it goes on from before.
function span(headings, n, level) {
  const same = (other) => other?.slice(0, level + 1).every((label, at) => label === headings[n][at]);
  if (same(headings[n - 1])) return 0;
  const end = headings.findIndex((other, at) => at > n && !same(other));
  return (end < 0 ? headings.length : end) - n;
}

// The headings of one level over the columns.
function over(cols, level) {
  return cols.map((col, n) => {
    const colspan = span(cols, n, level);
    const scope = level === col.length - 1 ? "col" : "colgroup";
    return colspan ? node("th", { scope, colspan, dir: "auto" }, col[level]) : null;
  });
}

// The headings that begin before the n-th row, the outer first; CSS holds each at its level.
function besides(rows, n) {
  return rows[n].map((label, level) => {
    const rowspan = span(rows, n, level);
    if (!rowspan) return null;
    const scope = level === rows[n].length - 1 ? "row" : "rowgroup";
    const heading = node("th", { scope, rowspan, dir: "auto", class: rows[n].length > 1 ? "nb-nested" : null }, label);
    heading.style.setProperty("--nb-level", level);
    return heading;
  });
}

function picker(label, options, chosen, pick) {
  const made = options.map(([value, text]) => node("option", { value, selected: String(value) === String(chosen) }, text));
  const select = node("select", { onchange: (event) => pick(event.target.value), "data-axis": label, "aria-label": label }, ...made);
  return node("label", { dir: "auto" }, `${label} `, select);
}

function size(image) {
  return image.width && image.height ? { width: image.width, height: image.height } : {};
}
