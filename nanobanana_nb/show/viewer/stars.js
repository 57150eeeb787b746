// Stars, a favourite and a note, where whoever shows the viewer can keep them.

import { button, node, redraw, words } from "./dom.js";

const UNRATED = { stars: 0, favourite: false, note: "" };

// `keep(id, rating)` is told of every change, and then `changed(image)`; without `keep` nothing can
// be changed.
export class Ratings {
  constructor(data, keep, changed) {
    [this.data, this.keep, this.changed] = [data, keep, changed];
    this.open = Boolean(data.ratings && keep);
  }

  of(image) {
    return { ...UNRATED, ...this.data.ratings?.[image.id] };
  }

  change(image, part) {
    const rating = { ...this.of(image), ...part };
    this.data.ratings[image.id] = rating;
    this.keep(image.id, rating);
    this.changed(image);
  }

  // The same number again takes the stars away.
  star(image, count) {
    this.change(image, { stars: this.of(image).stars === count ? 0 : count });
  }

  favour(image) {
    this.change(image, { favourite: !this.of(image).favourite });
  }

  key(image, key) {
    if (!this.open) return false;
    if (/^[1-5]$/.test(key)) this.star(image, Number(key));
    else if (key === "f") this.favour(image);
    else return false;
    return true;
  }
}

// What is known of an image, in one line: empty where it has no rating.
export function ratingText({ stars, favourite, note = "" }) {
  const given = stars > 0 ? "★".repeat(stars) + "☆".repeat(5 - stars) : "";
  return [given, favourite ? "♥" : "", note].filter(Boolean).join(" ");
}

export function ratingLabel({ stars, favourite }) {
  return [stars && `${stars} of 5 stars`, favourite && "favourite"].filter(Boolean).join(", ");
}

// Five stars and the favourite. `more` are attributes of every button.
export function starRow(ratings, image, more = {}) {
  const el = node("div", { class: "nb-stars", role: "group", "aria-label": "Rating" });
  const rating = ratings.of(image);
  const stars = [1, 2, 3, 4, 5].map((n) => {
    const given = n <= rating.stars;
    return button(given ? "★" : "☆", `${n} of 5 stars (${n})`, () => ratings.star(image, n), { ...more, "aria-pressed": String(given) });
  });
  const favour = button(rating.favourite ? "♥" : "♡", "Favourite (f)", () => ratings.favour(image), { ...more, "aria-pressed": String(rating.favourite) });
  el.append(...stars, favour);
  return el;
}

// The rating of one image, which can be changed where it is kept; null where there is none.
export function ratingOf(ratings, image) {
  if (!ratings.data.ratings) return null;
  return ratings.open ? openRating(ratings, image) : closedRating(ratings.of(image));
}

function openRating(ratings, image) {
  const note = node("input", { type: "text", "aria-label": "Note", placeholder: "Note", value: ratings.of(image).note });
  note.addEventListener("change", () => ratings.change(image, { note: note.value }));
  const row = starRow(ratings, image);
  const draw = () => redraw(row, () => row.replaceChildren(...starRow(ratings, image).children));
  return { el: node("div", { class: "nb-rating" }, row, note), note, draw };
}

function closedRating(rating) {
  const text = ratingText(rating);
  const label = `Rating: ${rating.stars} of 5 stars${rating.favourite ? ", favourite" : ""}`;
  const el = text ? node("div", { class: "nb-stars", role: "group", "aria-label": label }, words(text)) : null;
  return { el, note: null, draw: () => {} };
}
