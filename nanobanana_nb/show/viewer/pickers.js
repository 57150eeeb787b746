// The pickers of axes: which stand at the rows, which at the columns, and which value of the others.

import { button, node, picker } from "./dom.js";
import { restOf, swapped, usedOf, withSide, withValue } from "./places.js";

// `look(view)` is told of the view that was picked.
export function pickersOf(data, view, look) {
  if (!data.axes.length) return [];
  const swap = button("⇄ Swap", "Swap rows and columns (x)", () => look(swapped(view)));
  const sides = [["rows", "Rows"], ["cols", "Columns"]].map(([side, label]) => sidePicker(data, view, side, label, look));
  return [...sides, swap, ...restOf(data, view).map((axis) => valuePicker(data, view, axis, look))];
}

function sidePicker(data, view, side, label, look) {
  const known = view.sides.some((axes) => String(axes) === String(view[side]));
  const sides = known ? view.sides : [...view.sides, view[side]];
  const options = sides.map((axes) => [String(axes), axes.map((n) => data.axes[n].name.trim()).join(", ") || "–"]);
  const pick = (value) => look(withSide(view, side, value.split(",").filter(Boolean).map(Number)));
  return picker(label, options, view[side], pick);
}

function valuePicker(data, view, axis, look) {
  const { name, labels } = data.axes[axis];
  const options = [["all", "all"], ...usedOf(data, axis).map((n) => [n, labels[n]])];
  const pick = (value) => look(withValue(view, axis, value === "all" ? null : Number(value)));
  return picker(name.trim(), options, view.at[axis] ?? "all", pick);
}
