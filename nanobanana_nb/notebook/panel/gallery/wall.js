// A wall of thumbnails. Its tiles are one stop of the Tab key: arrows go from one to the next, Tab
// through the actions of one. Pictures are asked for when they come in sight.
import { button, node, picture, words } from "./dom.js";

// What a button says, its whole name, and what it does.
const ACTS = {
  look: ["Look closer", "Look closer", "Open the viewer on it"],
  reference: ["Reference", "Use as reference", "Give this image to the model"],
  reuse: ["Reuse", "Reuse settings", "Fill in what this image asked for"],
  keep: ["Keep", "Keep prompt", "Write its prompt and settings into prompts.toml"],
  show: ["Show below", "Show below", "Put this grid below the panel"],
};
const DRAGGED = "application/x-nanobanana-image";
const AT_ONCE = 6; // pictures of one message
const AHEAD = "400px";

export function when(seconds, now = Date.now()) {
  const then = new Date(seconds * 1000);
  const passed = now - then;
  if (passed < 60e3) return "just now";
  if (passed < 3600e3) return `${Math.floor(passed / 60e3)} min`;
  const days = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / 864e5);
  if (days === 0) return then.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (days === 1) return "yesterday";
  const year = then.getFullYear() === new Date(now).getFullYear() ? {} : { year: "numeric" };
  return then.toLocaleDateString("en-GB", { day: "numeric", month: "short", ...year });
}

function render({ model, el }) {
  const urls = new Map(); // by key: those of its pictures, null where they were asked for
  const places = new Map(); // by key: the tile's element and what it shows
  let active = null; // the key of the tile that Tab finds
  let queue = [];

  const list = node("div", { class: "nbp-wall", role: "list" });
  const note = node("p", { class: "nbp-note", role: "status" });
  const more = button("Show more", "Show more", () => model.send({ kind: "more" }), {
    class: "nbp-more",
    title: "Show older ones too",
  });
  const sight = new IntersectionObserver(
    (entries) => entries.filter((one) => one.isIntersecting).forEach((one) => want(one.target)),
    { rootMargin: AHEAD },
  );

  function want(place) {
    sight.unobserve(place);
    const { key } = place.dataset;
    if (urls.has(key)) return;
    urls.set(key, null);
    if (!queue.length) setTimeout(ask);
    queue.push(key);
  }

  function ask() {
    while (queue.length) model.send({ kind: "pictures", keys: queue.splice(0, AT_ONCE) });
  }

  function take({ kind, keys, lost }, buffers) {
    if (kind !== "pictures") return;
    const fresh = new Map();
    keys.forEach((key, n) => {
      const url = URL.createObjectURL(new Blob([buffers[n]], { type: "image/jpeg" }));
      fresh.set(key, [...(fresh.get(key) ?? []), url]);
    });
    for (const [key, mine] of fresh) {
      (urls.get(key) ?? []).forEach((url) => URL.revokeObjectURL(url));
      urls.set(key, mine);
      draw(key);
    }
    for (const key of lost) places.get(key)?.place.classList.add("nbp-lost");
  }

  function draw(key) {
    const { place, tile } = places.get(key) ?? {};
    const mine = urls.get(key);
    if (!place || !mine) return;
    const drawn = mine.map((url) => picture(url, ""));
    place.querySelector(".nbp-frame").replaceChildren(...drawn);
  }

  function element(tile) {
    const name = `${tile.name}: ${tile.prompt}`;
    const frame = node("div", { class: `nbp-frame${tile.pictures > 1 ? " nbp-mosaic" : ""}` });
    if (!tile.pictures) frame.append(words(tile.state, { class: "nbp-state" }), words(tile.why, { class: "nbp-why" }));
    const acts = tile.acts.map((act) =>
      button(ACTS[act][0], ACTS[act][1], () => model.send({ kind: act, key: tile.key }), {
        title: ACTS[act][2],
        tabindex: "-1",
      }),
    );
    const draggable = String(tile.acts.includes("reference"));
    const shown = node("div", { class: "nbp-shown", draggable }, frame, node("div", { class: "nbp-acts" }, ...acts));
    const at = tile.at ? node("time", { title: new Date(tile.at * 1000).toLocaleString() }, when(tile.at)) : null;
    const caption = node("div", { class: "nbp-caption" }, words(tile.prompt, { class: "nbp-prompt", title: tile.prompt }), at);
    const extra = tile.words ? words(tile.words, { class: "nbp-words" }) : null;
    const place = node(
      "div",
      { class: `nbp-tile nbp-${tile.mark}`, role: "listitem", "aria-label": name, "data-key": tile.key },
      shown,
      caption,
      extra,
    );
    frame.addEventListener("click", () => tile.acts.includes("look") && model.send({ kind: "look", key: tile.key }));
    shown.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData(DRAGGED, tile.key);
      event.dataTransfer.effectAllowed = "copy";
    });
    place.addEventListener("focusin", () => choose(tile.key));
    return place;
  }

  function choose(key) {
    active = places.has(key) ? key : (model.get("tiles")[0]?.key ?? null);
    for (const [other, { place }] of places)
      place.querySelectorAll("button").forEach((one) => (one.tabIndex = other === active ? 0 : -1));
  }

  function redraw() {
    const tiles = model.get("tiles");
    const keys = new Set(tiles.map(({ key }) => key));
    for (const [key, { place }] of places) {
      if (keys.has(key)) continue;
      place.remove();
      places.delete(key);
    }
    tiles.forEach((tile, n) => {
      const before = places.get(tile.key);
      const same = before && JSON.stringify(before.tile) === JSON.stringify(tile);
      const place = same ? before.place : element(tile);
      if (!same) {
        before?.place.remove();
        if (before && before.tile.pictures !== tile.pictures) urls.delete(tile.key);
        places.set(tile.key, { place, tile });
        if (urls.get(tile.key)) draw(tile.key);
        else if (tile.pictures) sight.observe(place);
      }
      if (list.children[n] !== place) list.insertBefore(place, list.children[n] ?? null);
    });
    for (const key of [...urls.keys()].filter((key) => !keys.has(key))) {
      (urls.get(key) ?? []).forEach((url) => URL.revokeObjectURL(url));
      urls.delete(key);
    }
    choose(active);
    note.textContent = model.get("note");
    note.hidden = !model.get("note");
    more.hidden = !model.get("more");
  }

  function move(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const tiles = [...list.children];
    const at = tiles.indexOf(event.target.closest?.(".nbp-tile"));
    const row = tiles.filter((one) => one.offsetTop === tiles[0].offsetTop).length;
    const last = tiles.length - 1;
    const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + row, ArrowUp: at - row, Home: 0, End: last };
    const to = steps[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    tiles[Math.min(Math.max(to, 0), last)].querySelector("button")?.focus();
  }

  list.addEventListener("keydown", move);
  el.classList.add("nbp-wall-box", "mathjax_ignore", "tex2jax_ignore");
  el.append(note, list, more);
  model.on("change:tiles change:more change:note", redraw);
  model.on("msg:custom", take);
  redraw();
  return () => {
    sight.disconnect();
    model.off("change:tiles change:more change:note", redraw);
    model.off("msg:custom", take);
    for (const mine of urls.values()) mine?.forEach((url) => URL.revokeObjectURL(url));
  };
}

export default { render };
