// The two doors: `mount(el, data, callbacks)` for a page, `render({ model, el })` for anywidget.

import { notice } from "./dom.js";
import { Viewer } from "./viewer.js";

// data: {title, counts, settings, notes, axes: [{name, labels}], view: {rows, cols, pages}, images:
// [{id, point, src, full, caption, short, state, error, charged, prompt, private, differences,
// width, height, original}], ratings: {id: {stars, favourite, note}}, scores: {name: {id: number}},
// start: {pair: [position, position]} or {image: position}}.
// callbacks: onRate(id, {stars, favourite, note}), onUse(id) where an image can be a reference,
// onQuery(query) with what is asked for, `query` to begin with, onClose(), and `keys`, the element
// whose keys are meant (the viewer itself unless told).
// Returns what takes the viewer away again.
export function mount(el, data, callbacks = {}) {
  const viewer = new Viewer(el, data, callbacks);
  return () => viewer.leave();
}

export function render({ model, el }) {
  let used = null; // the image that the kernel was last told to use
  const keep = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  const callbacks = {
    onUse: (id) => model.send({ kind: "use", id: (used = id) }),
    onRate: (id, rating) => {
      model.send({ kind: "rate", id, rating });
      keep("rated", { ...model.get("rated"), [id]: rating });
    },
    onQuery: (query) => keep("query", query),
    onClose: () => model.send({ kind: "close" }),
  };
  let viewer = null;
  const draw = () => {
    if (viewer) viewer.leave();
    viewer = new Viewer(el, dataOf(model), { ...callbacks, query: model.get("query") });
    keep("shown", true);
  };
  const renew = () => {
    for (const name of ["rated", "query"]) keep(name, {});
    draw();
  };
  const hear = (message) => {
    if (message.kind === "fill") viewer.fill(message.images);
    else notice(el, message, () => model.send({ kind: "insert", id: used }));
  };
  model.on("change:data", renew);
  model.on("msg:custom", hear);
  draw();
  return () => {
    model.off("change:data", renew);
    model.off("msg:custom", hear);
    viewer.leave();
  };
}

// A page that is loaded again has the ratings that were made meanwhile, and must not be covered by
// what was opened there once.
function dataOf(model) {
  const data = model.get("data");
  const open = data.start?.inline || !model.get("shown");
  const ratings = data.ratings && { ...data.ratings, ...model.get("rated") };
  return { ...data, start: open ? data.start : {}, ...(ratings ? { ratings } : {}) };
}

export default { render };
