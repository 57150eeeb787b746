// Which images are asked for, and in which order: pure functions of the data and of a query.

import { nameOf } from "./places.js";
import { saidOf } from "./words.js";

// `order` and `score` are keys of `measuresOf`; `from` and `to` are the range of `score`.
export const EVERYTHING = { text: "", favourite: false, stars: 0, state: "", score: "", from: null, to: null, order: "", rising: false };

const STARS = "stars";
const SCORE = "score/"; // a score of somebody may be named "stars"
const texts = new WeakMap();

// A query as it was kept, without what the data do not have any more.
export function queryOf(data, kept) {
  const query = { ...EVERYTHING, ...kept };
  const keys = measuresOf(data).map(([key]) => key);
  if (!keys.includes(query.order)) query.order = "";
  if (!keys.includes(query.score)) query.score = "";
  if (!statesOf(data).some(([state]) => state === query.state)) query.state = "";
  return query;
}

// What images are ordered by: [key, name] of the stars, where they are kept, and of each score.
export function measuresOf(data) {
  const scores = Object.keys(data.scores || {}).map((name) => [SCORE + name, name.trim() || "score"]);
  return data.ratings ? [[STARS, "stars"], ...scores] : scores;
}

// A number, or null for an image that has none.
export function valueOf(data, key, image) {
  if (key === STARS) return data.ratings?.[image.id]?.stars || null;
  const value = data.scores?.[key.slice(SCORE.length)]?.[image.id];
  return Number.isFinite(value) ? value : null;
}

export function valueText(key, value) {
  if (value === null) return "–";
  if (key === STARS) return `${value} of 5`;
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}

// The least and the greatest value of the images, null where none has one.
export function extentOf(data, key) {
  const values = data.images.map((image) => valueOf(data, key, image)).filter((value) => value !== null);
  return values.length ? [Math.min(...values), Math.max(...values)] : null;
}

export function statesOf(data) {
  const counts = new Map();
  for (const { state } of data.images) counts.set(state, (counts.get(state) || 0) + 1);
  return [...counts];
}

// Whether a query leaves anything out.
export function isNarrow({ text, favourite, stars, state, score, from, to }) {
  return Boolean(text.trim() || favourite || stars || state || (score && (from !== null || to !== null)));
}

// Returns a function that says of an image whether it is asked for.
export function filterOf(data, query) {
  const wanted = folded(query.text).split(/\s+/).filter(Boolean);
  return (image) => hasWords(data, image, wanted) && isRated(data, image, query) && isWithin(data, image, query) && (!query.state || image.state === query.state);
}

// Positions by their value, those without one last, equal ones as they stood.
export function ordered(data, { order, rising }, positions) {
  const values = new Map(positions.map((position) => [position, valueOf(data, order, data.images[position])]));
  const [valued, rest] = [positions.filter((at) => values.get(at) !== null), positions.filter((at) => values.get(at) === null)];
  const sign = rising ? 1 : -1;
  return [...valued.sort((a, b) => sign * (values.get(a) - values.get(b))), ...rest];
}

function hasWords(data, image, wanted) {
  if (!wanted.length) return true;
  if (!texts.has(image)) texts.set(image, folded(textOf(data, image)));
  const text = `${texts.get(image)} ${folded(data.ratings?.[image.id]?.note || "")} `;
  return wanted.every((word) => text.includes(word.startsWith("#") ? `${word} ` : word)); // #1 is not #12
}

function textOf(data, image) {
  const own = [nameOf(data, image), `#${image.id}`, image.prompt, image.state, image.error, image.charged];
  return [...own, ...(image.short || []), ...saidOf(data, image).values()].join(" ");
}

function isRated(data, image, { favourite, stars }) {
  const rating = data.ratings?.[image.id];
  return (!favourite || Boolean(rating?.favourite)) && (rating?.stars || 0) >= stars;
}

function isWithin(data, image, { score, from, to }) {
  if (!score || (from === null && to === null)) return true;
  const value = valueOf(data, score, image);
  return value !== null && value >= (from ?? -Infinity) && value <= (to ?? Infinity);
}

// Without case and accents.
function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
