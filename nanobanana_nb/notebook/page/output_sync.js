// Writes into an output of the notebook that shows this page, found by the mark in its metadata.
// What a notebook's cells are called is no public interface: each step may be missing.

const MARK = "nanobanana_nb";

function* outputsOf(model) {
  const cells = model.widget_manager?.context?.model?.cells;
  for (let at = 0; at < (cells?.length ?? 0); at++) {
    const outputs = cells.get(at)?.outputs;
    for (let n = 0; n < (outputs?.length ?? 0); n++) yield [outputs, n];
  }
}

function write(model, { id, data, metadata }) {
  let done = false;
  for (const [outputs, n] of outputsOf(model)) {
    if (outputs.get(n)?.metadata?.[MARK]?.display_id !== id) continue;
    outputs.set(n, { output_type: "display_data", data, metadata });
    done = true;
  }
  return done;
}

function tried(model, message) {
  try {
    return write(model, message);
  } catch {
    return false;
  }
}

// It is sent {kind: "write", id, number, data, metadata}; it sends {kind: "here"} once in each
// page, and {kind: "wrote", id, number, done}.
async function initialize({ model }) {
  const hear = (message) => {
    if (message.kind !== "write") return;
    const { id, number } = message;
    model.send({ kind: "wrote", id, number, done: tried(model, message) });
  };
  model.on("msg:custom", hear);
  await model.widget_manager?.context?.ready;
  model.send({ kind: "here" });
  return () => model.off("msg:custom", hear);
}

export default { initialize };
