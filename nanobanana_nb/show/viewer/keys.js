// The keys, told.

import { button, dialog, node } from "./dom.js";

const KEYS = [
  ["Grid", [
    ["← ↑ → ↓", "walk from image to image"],
    ["Enter", "open the image"],
    ["c", "mark to compare; the second mark opens the comparison"],
    ["x", "swap rows and columns"],
    ["[ ]", "earlier or next value of the axis that is neither"],
    ["?", "this list"],
  ]],
  ["One image", [
    ["← ↑ → ↓", "go on to its neighbour"],
    ["+ − 0", "larger, smaller, whole; the wheel zooms, dragging moves"],
    ["Shift + arrow", "move the picture"],
    ["c", "mark to compare"],
    ["w", "give it the whole window"],
    ["Esc", "close"],
  ]],
  ["Two images", [
    ["s b f d p", "slider, blink, fade, difference, side by side"],
    ["← →", "move the slider"],
    ["Space", "stop or start the blinking"],
    ["x", "swap A and B"],
    ["w", "give it the whole window"],
    ["+ − 0", "larger, smaller, whole, both together"],
  ]],
];
const RATING = ["Rating", [["1 … 5", "stars; the same number again takes them away"], ["f", "favourite"], ["n", "note"]]];
const NEXT = ["Next step", [["r", "use the image as reference"]]];

export function showKeys(root, rated, used) {
  const shown = [...KEYS, ...(rated ? [RATING] : []), ...(used ? [NEXT] : [])];
  const lists = shown.flatMap(([title, keys]) => [node("h3", {}, title), list(keys)]);
  const made = dialog(root, "Keys", "nb-keys", node("h2", {}, "Keys"), ...lists);
  const close = button("Close", "Close (Esc)", () => made.close());
  made.append(close);
  close.focus({ preventScroll: true });
  return made;
}

function list(keys) {
  return node("dl", {}, ...keys.map(([key, words]) => node("div", {}, node("dt", {}, node("kbd", {}, key)), node("dd", {}, words))));
}
