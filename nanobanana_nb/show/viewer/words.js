// What differs: captions of two images side by side, and their prompts word by word.

import { node, words } from "./dom.js";
import { valuesOf } from "./places.js";

const MOST_WORDS = 600;

// Everything that may be said of an image, by name.
export function saidOf(data, image) {
  const said = [...valuesOf(data, image), ...Object.entries(image.caption || {})];
  if (image.differences && image.differences.length) said.push(["delivered", image.differences.join(" · ")]);
  return new Map(said);
}

// The names of what two images have unlike.
export function unlike(data, a, b) {
  const [left, right] = [saidOf(data, a), saidOf(data, b)];
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].filter((name) => left.get(name) !== right.get(name));
}

// Two lists of [word, whether the other text has it too], by their longest common subsequence.
export function wordDifference(a, b) {
  const [left, right] = [a, b].map((text) => text.split(/\s+/).filter(Boolean).slice(0, MOST_WORDS));
  const long = lengths(left, right);
  const [one, two] = [[], []];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      one.push([left[i++], true]);
      two.push([right[j++], true]);
    } else if (j === right.length || (i < left.length && long[i + 1][j] >= long[i][j + 1])) {
      one.push([left[i++], false]);
    } else two.push([right[j++], false]);
  }
  return [one, two];
}

export function captionOf(data, image, names, letter) {
  const said = saidOf(data, image);
  const pairs = names.map((name) => node("div", {}, node("dt", { dir: "auto" }, name.trim()), value(said.get(name))));
  return node("div", { class: "nb-side" }, node("b", { class: "nb-letter" }, letter), node("dl", {}, ...pairs));
}

export function promptOf(parts) {
  const shown = parts.flatMap(([word, alike]) => [alike ? word : node("mark", {}, word), " "]);
  return node("p", { class: "nb-prompt", dir: "auto" }, ...shown);
}

function value(text) {
  return node("dd", {}, words(text ?? "–"));
}

function lengths(left, right) {
  const long = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      long[i][j] = left[i] === right[j] ? long[i + 1][j + 1] + 1 : Math.max(long[i + 1][j], long[i][j + 1]);
    }
  }
  return long;
}
