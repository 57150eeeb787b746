// Which image stands where: a view has the axes of the rows and those of the columns, the outer
// before the inner, and for each other axis the value that is shown, or null for all of them.

export function startView(data) {
  const numbers = (names = []) => names.map((name) => data.axes.findIndex((axis) => axis.name === name));
  const [rows, cols, pages] = ["rows", "cols", "pages"].map((side) => numbers(data.view?.[side]));
  const images = data.images.filter((image) => image.point);
  const [page] = pointsOn(images, pages);
  const first = images.find((image) => String(pointOf(image, pages)) === String(page));
  // repeats of one cell belong beside each other; of another axis one value is shown at a time
  const all = (n) => !pages.includes(n) && (isRepeat(data.axes[n].name) || !(rows.length || cols.length));
  const at = data.axes.map((_, n) => (!first || all(n) ? null : first.point[n]));
  const nested = [rows, cols].filter((side) => side.length > 1);
  return { rows, cols, at, sides: [[], ...data.axes.map((_, n) => [n]), ...nested] };
}

// The axes go to a side; the other one takes what stood there where it would be left with none.
export function withSide(view, side, axes) {
  const other = side === "rows" ? "cols" : "rows";
  const without = (numbers) => numbers.filter((n) => !axes.includes(n));
  const left = without(view[other]);
  const swaps = view[other].length > 0 && left.length === 0;
  return { ...view, [side]: axes, [other]: swaps ? without(view[side]) : left };
}

export function swapped(view) {
  return { ...view, rows: view.cols, cols: view.rows };
}

export function withValue(view, axis, value) {
  return { ...view, at: view.at.map((old, n) => (n === axis ? value : old)) };
}

export function restOf(data, view) {
  return data.axes.map((_, n) => n).filter((n) => !view.rows.includes(n) && !view.cols.includes(n));
}

// The values of an axis that images have.
export function usedOf(data, axis) {
  return pointsOn(data.images.filter((image) => image.point), [axis]).flat();
}

// The next or earlier value of the first axis that is neither rows nor columns; null is `all`.
export function turned(data, view, step) {
  const axis = restOf(data, view).find((n) => usedOf(data, n).length > 1);
  if (axis === undefined) return view;
  const values = usedOf(data, axis);
  const at = values.indexOf(view.at[axis]);
  const start = at < 0 && step < 0 ? values.length : at;
  return withValue(view, axis, values[(start + step + values.length) % values.length]);
}

// Rows of cells, each a list of positions in data.images; `others` have no place in the plan. A
// heading has a label for each axis of its side.
export function tableOf(data, view) {
  const known = data.images.filter((image) => image.point);
  const shown = known.filter((image) => isShown(data, view, image));
  const [rows, cols] = [pointsOn(shown, view.rows), pointsOn(known, view.cols)];
  const key = (row, col) => `${row}/${col}`;
  const cells = new Map(rows.flatMap((row) => cols.map((col) => [key(row, col), []])));
  const others = [];
  data.images.forEach((image, position) => {
    if (!image.point) others.push(position);
    else if (isShown(data, view, image)) cells.get(key(pointOf(image, view.rows), pointOf(image, view.cols))).push(position);
  });
  const headings = (points, axes) => points.map((point) => point.map((value, n) => labelOf(data, axes[n], value)));
  return {
    rows: headings(rows, view.rows),
    cols: headings(cols, view.cols),
    cells: rows.map((row) => cols.map((col) => cells.get(key(row, col)))),
    others,
    list: !view.rows.length && !view.cols.length,
  };
}

export function valuesOf(data, image) {
  return data.axes.flatMap((axis, n) => (image.point ? [[axis.name, axis.labels[image.point[n]]]] : []));
}

export function nameOf(data, image) {
  const labels = data.axes.flatMap((_, n) => (image.point ? [labelOf(data, n, image.point[n])] : []));
  return labels.join(" · ") || `#${image.id}`;
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

function pointOf(image, axes) {
  return axes.map((n) => image.point[n]);
}

// Where images stand on these axes, each place once, in the order of the values.
function pointsOn(images, axes) {
  const points = new Map(images.map((image) => pointOf(image, axes)).map((point) => [String(point), point]));
  const unlike = (a, b) => a.findIndex((value, n) => value !== b[n]);
  return [...points.values()].sort((a, b) => (unlike(a, b) < 0 ? 0 : a[unlike(a, b)] - b[unlike(a, b)]));
}

function labelOf(data, axis, value) {
  const { name, labels } = data.axes[axis];
  return isRepeat(name) ? `${name.trim()} ${labels[value]}` : labels[value];
}

function isRepeat(name) {
  return name.trim() === "repeat";
}

function middle(tile) {
  const box = tile.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}
