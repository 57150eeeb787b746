// What stands above the grid and below it: the title, the tools, and what the run came to.

import { bar, button, node, words } from "./dom.js";
import { startView, tableOf } from "./places.js";

// calls: help(), and close() where the viewer can be closed.
export function headOf(root, data, pickers, calls) {
  const size = node("input", { type: "range", min: 96, max: 480, step: 8, "aria-label": "Size of the tiles" });
  size.addEventListener("input", () => root.style.setProperty("--nb-tile", `${size.value}px`));
  size.value = roomFor(data);
  root.style.setProperty("--nb-tile", `${size.value}px`);
  root.style.setProperty("--nb-shape", shapeOf(data));
  const ends = [button("?", "Show the keys (?)", calls.help)];
  if (calls.close) ends.push(button("✕", "Close the viewer", calls.close));
  const tools = bar([pickers, node("label", {}, "Size ", size)], ends);
  return [node("h1", { dir: "auto" }, data.title || ""), node("div", { class: "nb-tools" }, ...tools)];
}

export function footOf({ counts = [], settings = [], notes = [] }) {
  const [first, ...rest] = counts;
  const line = node("p", {}, node("b", {}, first || ""), rest.length ? ` · ${rest.join(" · ")}` : "", " ", words(settings.join(" · "), { class: "nb-soft" }));
  const below = notes.map((note) => node("p", { class: "nb-soft", dir: "auto" }, note));
  return counts.length || below.length ? [node("footer", { class: "nb-foot" }, line, ...below)] : [];
}

// As large as a usual window allows with the columns that are shown first.
function roomFor(data) {
  const view = startView(data);
  const { cells, cols, list } = tableOf(data, view);
  const widest = Math.max(1, ...cells.flat().map((cell) => cell.length));
  const count = list ? Math.min(4, data.images.length) : cols.length * (view.cols.length ? widest : 4);
  const side = 180 + 110 * Math.max(0, view.rows.length - 1); // row headings beside the tiles
  return Math.max(120, Math.min(list ? 420 : 260, Math.floor((Math.min(innerWidth, 1280) - side) / count - 14)));
}

// Height by width of the image in the middle, for tiles without one.
function shapeOf(data) {
  const known = data.images.filter(({ width, height }) => width && height);
  const shapes = known.map(({ width, height }) => height / width).sort((a, b) => a - b);
  return Math.min(1.5, shapes[Math.floor(shapes.length / 2)] ?? 0.75);
}
