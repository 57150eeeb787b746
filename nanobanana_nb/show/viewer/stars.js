// Stars, a favourite and a note, where whoever shows the viewer can keep them.

import { button, node, words } from "./dom.js";

// null where data.ratings is not there; `rate(id, rating)` is told of every change. Without
// it nothing can be changed, and an image that has no rating shows none.
export function stars(data, image, rate) {
  if (!data.ratings) return null;
  const now = () => ({ stars: 0, favourite: false, note: "", ...data.ratings[image.id] });
  if (!rate) return told(now());
  const el = node("div", { class: "nb-stars", role: "group", "aria-label": "Rating" });
  const change = (part) => {
    data.ratings[image.id] = { ...now(), ...part };
    rate(image.id, data.ratings[image.id]);
    draw();
  };
  const star = (n) => change({ stars: now().stars === n ? 0 : n });
  const favour = () => change({ favourite: !now().favourite });
  const note = node("input", { type: "text", "aria-label": "Note", placeholder: "Note", value: now().note });
  note.addEventListener("change", () => change({ note: note.value }));
  function draw() {
    const made = [1, 2, 3, 4, 5].map((n) => {
      const pressed = { "aria-pressed": String(n <= now().stars) };
      return button(n <= now().stars ? "★" : "☆", `${n} of 5 stars (${n})`, () => star(n), pressed);
    });
    const pressed = { "aria-pressed": String(now().favourite) };
    el.replaceChildren(...made, button(now().favourite ? "♥" : "♡", "Favourite (f)", favour, pressed), note);
  }
  draw();
  const key = (pressed) => {
    if (/^[1-5]$/.test(pressed)) star(Number(pressed));
    else if (pressed === "f") favour();
    else if (pressed === "n") note.focus();
    else return false;
    return true;
  };
  return { el, key };
}

function told({ stars: count, favourite, note }) {
  const given = count > 0 ? "★".repeat(count) + "☆".repeat(5 - count) : "";
  const said = [given, favourite ? "♥" : "", note].filter(Boolean).join(" ");
  const label = `Rating: ${count} of 5 stars${favourite ? ", favourite" : ""}`;
  const el = said ? node("div", { class: "nb-stars", role: "group", "aria-label": label }, words(said)) : null;
  return { el, key: () => false };
}
