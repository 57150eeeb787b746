// One image in the grid: its picture or its state, its caption, its rating, and its mark.

import { button, node, picture, words } from "./dom.js";
import { valueOf, valueText } from "./filter.js";
import { nameOf } from "./places.js";
import { ratingLabel, ratingText, starRow } from "./stars.js";

const KINDS = { failed: "nb-bad", "no file": "nb-bad", "not sent": "nb-quiet", waiting: "nb-quiet", running: "nb-quiet", stopped: "nb-quiet", unknown: "nb-unknown" };
const ROOM_PX = 200;

// calls: open(position), mark(position), reach(position).
export class Tile {
  constructor({ data, ratings, calls }, position) {
    [this.data, this.ratings, this.position, this.image] = [data, ratings, position, data.images[position]];
    this.name = [nameOf(data, this.image), this.image.state, this.image.error].filter(Boolean).join(", ");
    const inside = this.image.src ? picture(this.image.src, "", size(this.image)) : blank(this.image);
    const given = { type: "button", class: "nb-open", "data-at": position, tabindex: "-1" };
    this.open = node("button", { ...given, onclick: () => calls.open(position), onfocus: () => calls.reach(position) }, inside);
    this.badge = node("span", { class: "nb-badge", "aria-hidden": "true" });
    this.title = words("", { class: "nb-name" });
    [this.value, this.stars] = [words("", { class: "nb-value" }), node("span", { class: "nb-given", "aria-hidden": "true" })];
    this.compare = this.image.src ? button("Compare", `Compare ${this.name}`, () => calls.mark(position), { class: "nb-compare", tabindex: "-1" }) : null;
    this.el = node("figure", { class: "nb-tile" }, this.open, this.badge, this.#caption());
    const offers = ratings.open && this.image.src;
    if (offers) this.el.addEventListener("pointerenter", ({ pointerType }) => pointerType !== "touch" && this.#offer());
    this.rate();
  }

  mark(letter) {
    this.el.classList.toggle("nb-marked", letter !== "");
    this.badge.textContent = letter;
    this.compare?.setAttribute("aria-pressed", String(letter !== ""));
  }

  rate() {
    const rating = this.ratings.of(this.image);
    this.stars.textContent = ratingText({ ...rating, note: "" });
    this.open.setAttribute("aria-label", [`Open ${this.name}`, ratingLabel(rating)].filter(Boolean).join(", "));
    if (this.row) this.#offer();
  }

  rename(title) {
    this.title.textContent = title;
    return this.el;
  }

  // The value of what the images are ordered or chosen by.
  tell(measure) {
    const [key, name] = measure || [null, ""];
    this.value.textContent = key === null ? "" : `${name} ${valueText(key, valueOf(this.data, key, this.image))}`;
  }

  // What is not asked for keeps its place in a table, and is out of reach there.
  narrow(isWanted) {
    const placed = this.el.parentElement.classList.contains("nb-cell");
    this.el.toggleAttribute("inert", !isWanted && placed);
    this.el.hidden = !isWanted && !placed;
    this.isWanted = isWanted;
  }

  // Stars to click on are made for the tile under the pointer, where they leave enough of it.
  #offer() {
    if (this.el.clientWidth < ROOM_PX) return;
    const row = starRow(this.ratings, this.image, { tabindex: "-1" });
    row.classList.add("nb-offer");
    this.#withdraw();
    this.el.append((this.row = row));
    this.el.addEventListener("pointerleave", () => this.#withdraw(), { once: true });
  }

  #withdraw() {
    const focused = this.row?.contains(document.activeElement);
    this.row?.remove();
    this.row = null;
    if (focused) this.open.focus({ preventScroll: true }); // keys are heard inside the viewer only
  }

  #caption() {
    const { short = [], differences = [] } = this.image;
    const lines = [
      this.title,
      short.length > 0 && words(short.join(" · ")),
      differences.length > 0 && words(differences.join(" · "), { class: "nb-differs" }),
      this.value,
      this.stars,
      this.compare,
    ];
    return node("figcaption", {}, ...lines.filter(Boolean));
  }
}

// An honest tile for an image that is not there: its state, the reason, and the money.
export function blank(image) {
  const kind = KINDS[image.state] ?? "nb-waits";
  const lines = [image.error, image.charged].filter(Boolean).map((text) => words(text));
  return node("span", { class: `nb-blank ${kind}` }, node("b", {}, image.state), ...lines);
}

function size(image) {
  return image.width && image.height ? { width: image.width, height: image.height } : {};
}
