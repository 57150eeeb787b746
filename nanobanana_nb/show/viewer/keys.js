// The list of keys.

import { button, dialog, node } from "./dom.js";

const GRID = ["Grid", [
  ["← ↑ → ↓", "walk from image to image"],
  ["Enter", "open the image"],
  ["c", "mark to compare; the second mark opens the comparison"],
  ["/", "search; Esc shows all images again"],
  ["x", "swap rows and columns"],
  ["[ ]", "earlier or next value of the axis that is neither"],
  ["?", "this list"],
]];
const IMAGE = ["One image", [
  ["← ↑ → ↓", "go on to its neighbour"],
  ["+ − 0", "larger, smaller, whole; the wheel zooms, dragging moves"],
  ["z", "real pixels: one of the image for one of the screen"],
  ["Shift + arrow", "move the picture"],
  ["c", "mark to compare"],
  ["w", "give it the whole window"],
  ["Esc", "close"],
]];
const PAIR = ["Two images", [
  ["s b f d p", "slider, blink, fade, difference, side by side"],
  ["← →", "move the slider"],
  ["↑ ↓", "earlier or next image as B; with Shift as A"],
  ["a", "let these keys and the row of images change A; again: B"],
  ["x", "swap A and B"],
  ["Space", "stop or start the blinking"],
  ["+ − 0", "larger, smaller, whole, both together"],
  ["1 z", "real pixels of A"],
  ["w", "give it the whole window"],
  ["? Esc", "this list; close"],
]];
const RATING = ["Rating", [["1 … 5", "stars; the same number again takes them away"], ["f", "favourite"], ["n", "note of the open image"]]];
const NEXT = ["Next step", [["r", "use the image as reference"]]];

// Of what is open, "image" or "pair"; of everything where that is the grid.
export function showKeys(root, { open, rated, used }) {
  const image = [IMAGE, ...(rated ? [RATING] : []), ...(used ? [NEXT] : [])];
  const shown = { grid: [GRID, ...image, PAIR], image, pair: [PAIR] }[open];
  const sections = shown.map(([title, keys]) => node("section", {}, node("h3", {}, title), list(keys)));
  const made = dialog(root, "Keys", "nb-keys", node("h2", {}, "Keys"), node("div", { class: "nb-sections" }, ...sections));
  const close = button("Close", "Close (Esc)", () => made.close());
  made.append(close);
  close.focus({ preventScroll: true });
  return made;
}

function list(keys) {
  return node("dl", {}, ...keys.map(([key, words]) => node("div", {}, node("dt", {}, node("kbd", {}, key)), node("dd", {}, words))));
}
