// Keeps a notebook readable without its kernel, and writes into its outputs. They are found by the
// mark in their metadata: {display_id, restarted: what stands there after a restart of the kernel}.
// What a notebook's parts are called is no public interface: each step may be missing.

const MARK = "nanobanana_nb";
const VIEW = "application/vnd.jupyter.widget-view+json";
const STATE = "application/vnd.jupyter.widget-state+json";
const HTML = "text/html";
const ATTACHED = Symbol.for(MARK);

function* outputsOf(cells) {
  for (let at = 0; at < (cells?.length ?? 0); at++) {
    const outputs = cells.get(at)?.outputs;
    for (let n = 0; n < (outputs?.length ?? 0); n++) {
      const mark = outputs.get(n)?.metadata?.[MARK];
      if (mark) yield [outputs, n, mark];
    }
  }
}

function put(outputs, n, data, metadata) {
  outputs.set(n, { output_type: "display_data", data, metadata });
}

function twinOf({ [VIEW]: view, ...twin }) {
  return twin;
}

function write(cells, { id, data, metadata }) {
  let done = false;
  for (const [outputs, n, mark] of outputsOf(cells)) {
    if (mark.display_id !== id) continue;
    const shown = outputs.get(n).data[VIEW]?.model_id;
    // What a person does in a widget that stands there already would be lost.
    const other = data[VIEW]?.model_id;
    // A widget that stands there is not drawn anew as another one, but what is static is.
    if (shown && other && shown !== other) put(outputs, n, twinOf(outputs.get(n).data), metadata);
    if (!shown || shown !== other) put(outputs, n, data, metadata);
    done = true;
  }
  return done;
}

// Widgets whose kernel is gone answer nobody: what is static takes their place.
function settle(cells, restarted) {
  for (const [outputs, n, { restarted: line, ...mark }] of outputsOf(cells)) {
    const { data, metadata } = outputs.get(n);
    if (!(VIEW in data || (restarted && line))) continue;
    put(outputs, n, (restarted && line) || twinOf(data), { ...metadata, [MARK]: mark });
  }
}

// The state of the widgets, where JupyterLab is set to save it, would hold each picture again, and
// what was typed: ours and all that they consist of are left out.
function withoutModels(metadata, views) {
  const kept = metadata.widgets?.[STATE];
  if (!kept?.state) return metadata;
  const state = { ...kept.state };
  const ours = Object.keys(state).filter((id) => state[id].state?._anywidget_id?.startsWith(`${MARK}.`));
  for (const ids = [...views, ...ours]; ids.length; ) {
    const id = ids.pop();
    const parts = JSON.stringify(state[id] ?? "").matchAll(/IPY_MODEL_([\w-]+)/g);
    delete state[id];
    ids.push(...[...parts].map(([, part]) => part).filter((part) => part in state));
  }
  return { ...metadata, widgets: { ...metadata.widgets, [STATE]: { ...kept, state } } };
}

// What a file keeps: of a widget of ours its twin. Opened without a kernel, JupyterLab would draw
// the widget alone, which is not there.
function saved(notebook) {
  const views = [];
  const boards = globalThis[Symbol.for("nanobanana_nb.boards")]; // what runs, by its model
  const still = (output) => {
    if (!output.metadata?.[MARK] || !(VIEW in output.data)) return output;
    const { model_id: id } = output.data[VIEW];
    views.push(id);
    const twin = twinOf(output.data);
    const tiles = boards?.get(id)?.() || "";
    return { ...output, data: tiles ? { ...twin, [HTML]: `${[twin[HTML]].flat().join("")}${tiles}` } : twin };
  };
  const cells = notebook.cells.map((cell) =>
    cell.outputs ? { ...cell, outputs: cell.outputs.map(still) } : cell,
  );
  return { ...notebook, cells, metadata: withoutModels(notebook.metadata, views) };
}

// Once for each notebook, and for good: where nothing of ours is open it changes nothing. Returns
// whether the page saves the file; where several people edit it the server does.
function attach({ model, sessionContext }) {
  if (!model[ATTACHED]) listen(model, sessionContext);
  model[ATTACHED] = true;
  return !model.collaborative;
}

function listen(model, sessionContext) {
  const { toJSON } = model;
  model.toJSON = function (...options) {
    const notebook = toJSON.apply(this, options);
    return attempt(() => saved(notebook)) || notebook;
  };
  sessionContext.statusChanged.connect((_, status) => {
    const restarted = status === "restarting" || status === "autorestarting";
    if (restarted || status === "dead") attempt(() => settle(model.cells, restarted));
  });
  sessionContext.kernelChanged.connect((_, { oldValue, newValue }) => {
    if (oldValue?.id !== newValue?.id) attempt(() => settle(model.cells, false));
  });
}

function attempt(act) {
  try {
    return act();
  } catch {
    return false;
  }
}

// It is sent {kind: "write", id, number, data, metadata}; it sends {kind: "here", saves} once in
// each page, and {kind: "wrote", id, number, done}.
async function initialize({ model }) {
  const context = model.widget_manager?.context;
  const hear = (message) => {
    if (message.kind !== "write") return;
    const { id, number } = message;
    const done = attempt(() => write(context.model.cells, message));
    model.send({ kind: "wrote", id, number, done });
  };
  model.on("msg:custom", hear);
  const saves = attempt(() => attach(context));
  await context?.ready;
  model.send({ kind: "here", saves });
  return () => model.off("msg:custom", hear);
}

export default { initialize };
