// The headings of a table, each once over or before all that it holds.

import { node } from "./dom.js";

// The headings of one level over the columns.
export function over(cols, level) {
  return cols.map((col, n) => {
    const colspan = span(cols, n, level);
    const scope = level === col.length - 1 ? "col" : "colgroup";
    return colspan ? node("th", { scope, colspan, dir: "auto" }, col[level]) : null;
  });
}

// The headings that begin before the n-th row, the outer first; CSS holds each at its level.
export function besides(rows, n) {
  return rows[n].map((label, level) => {
    const rowspan = span(rows, n, level);
    if (!rowspan) return null;
    const scope = level === rows[n].length - 1 ? "row" : "rowgroup";
    const heading = node("th", { scope, rowspan, dir: "auto", class: rows[n].length > 1 ? "nb-nested" : null }, label);
    heading.style.setProperty("--nb-level", level);
    return heading;
  });
}

// How many headings from the n-th on are the same down to a level, 0 where it goes on from before.
function span(headings, n, level) {
  const same = (other) => other?.slice(0, level + 1).every((label, at) => label === headings[n][at]);
  if (same(headings[n - 1])) return 0;
  const end = headings.findIndex((other, at) => at > n && !same(other));
  return (end < 0 ? headings.length : end) - n;
}
