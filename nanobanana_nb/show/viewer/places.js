// Which image stands where: a view names the axis of the rows, that of the columns, and for each
// other axis the value that is shown, or null for all of them.

const NONE = -1;

export function startView(data) {
  const named = (name) => data.axes.findIndex((axis) => axis.name === name);
  const given = data.view || {};
  const view = { rows: named(given.rows), cols: named(given.cols), at: [] };
  // repeats of one cell belong beside each other; of another axis one value is shown at a time
  view.at = data.axes.map((axis) => (axis.name.trim() === "repeat" ? null : 0));
  return view;
}

export function withAxis(view, side, axis) {
  const other = side === "rows" ? "cols" : "rows";
  const next = { ...view, [side]: axis };
  if (axis !== NONE && view[other] === axis) next[other] = view[side];
  return next;
}

export function swapped(view) {
  return { ...view, rows: view.cols, cols: view.rows };
}

export function withValue(view, axis, value) {
  return { ...view, at: view.at.map((old, n) => (n === axis ? value : old)) };
}

export function restOf(data, view) {
  const all = data.axes.map((_, n) => n);
  return all.filter((n) => n !== view.rows && n !== view.cols);
}

// The next or earlier value of the first axis that is neither rows nor columns; null is `all`.
export function turned(data, view, step) {
  const rest = restOf(data, view);
  if (!rest.length) return view;
  const count = data.axes[rest[0]].labels.length;
  const at = view.at[rest[0]];
  const start = at === null ? (step > 0 ? -1 : count) : at;
  return withValue(view, rest[0], (start + step + count) % count);
}

// Rows of cells, each a list of positions in data.images; `others` have no place in the plan.
export function tableOf(data, view) {
  const labels = (axis) => (axis === NONE ? [""] : data.axes[axis].labels);
  const rows = labels(view.rows);
  const cols = labels(view.cols);
  const cells = rows.map(() => cols.map(() => []));
  const others = [];
  data.images.forEach((image, position) => {
    if (!image.point) others.push(position);
    else if (isShown(data, view, image)) {
      const across = view.cols === NONE ? 0 : image.point[view.cols];
      cells[view.rows === NONE ? 0 : image.point[view.rows]][across].push(position);
    }
  });
  return { rows, cols, cells, others, list: view.rows === NONE && view.cols === NONE };
}

export function valuesOf(data, image) {
  return data.axes.flatMap((axis, n) => (image.point ? [[axis.name, axis.labels[image.point[n]]]] : []));
}

export function nameOf(data, image) {
  const values = valuesOf(data, image).map(([name, label]) => (isRepeat(name) ? `${name.trim()} ${label}` : label));
  return values.join(" · ") || `Image ${image.id}`;
}

// The tile next to `from` in a direction, by where tiles stand on the screen.
export function neighbour(tiles, from, direction) {
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[direction];
  const start = middle(from);
  let best = null;
  let least = Infinity;
  for (const tile of tiles) {
    const [x, y] = middle(tile).map((value, n) => value - start[n]);
    const along = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (tile === from || along <= 4 || aside > along * 2 + 8) continue;
    if (along + 4 * aside < least) [best, least] = [tile, along + 4 * aside];
  }
  return best;
}

function isShown(data, view, image) {
  return restOf(data, view).every((n) => view.at[n] === null || view.at[n] === image.point[n]);
}

function isRepeat(name) {
  return name.trim() === "repeat";
}

function middle(tile) {
  const box = tile.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}
