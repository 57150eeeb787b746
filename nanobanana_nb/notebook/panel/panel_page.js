// What a panel needs of the page around it: Ctrl or Cmd and Enter generate, and a cell is put into
// the notebook. What a notebook's cells are called is no public interface: each step may be missing.

const MARK = "nanobanana_nb";
const PRESSED = ".nb-generate, .nb-more, .nb-insert";
const WRITTEN = ".nb-written :is(textarea, input:not([type=file], [type=checkbox], .nbp-name))";
const LATE_MS = 3000; // a press that long ago was another one

function place(cells, id) {
  for (let at = 0; at < (cells?.length ?? 0); at++) {
    const outputs = cells.get(at)?.outputs;
    for (let n = 0; n < (outputs?.length ?? 0); n++)
      if (outputs.get(n)?.metadata?.[MARK]?.display_id === id) return at;
  }
  return -1;
}

function inserted(model, { id, source }) {
  try {
    const notebook = model.widget_manager?.context?.model;
    const at = place(notebook?.cells, id);
    if (at < 0 || notebook.readOnly) return false;
    notebook.sharedModel.insertCell(at + 1, { cell_type: "code", metadata: {}, source });
    return true;
  } catch {
    return false;
  }
}

function render({ model, el }) {
  el.style.display = "none";
  const panel = () => el.closest(".nb-panel");
  let pressed = -Infinity;

  const key = (event) => {
    const { target } = event;
    const chord = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (!chord || event.shiftKey || event.altKey || event.isComposing) return;
    if (!panel()?.contains(target) || target.closest(".nb-viewer")) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // else the notebook runs its cell
    if (event.repeat) return;
    // Some fields send what was typed when they are left.
    if (target.matches("input, textarea")) target.dispatchEvent(new Event("change", { bubbles: true }));
    panel().querySelector(".nb-generate")?.click();
  };
  const click = (event) => {
    const button = event.target.closest?.(PRESSED);
    if (!button || !panel()?.contains(button)) return;
    if (button.matches(".nb-insert")) pressed = performance.now();
    // What was typed may still wait here for the answer to what was typed before.
    const texts = [...panel().querySelectorAll(WRITTEN)].map(({ value }) => value);
    model.send({ kind: "press", texts });
  };
  // Another page of the same kernel hears it too: the one in which it was pressed inserts.
  const hear = (message) => {
    if (message.kind !== "insert" || performance.now() - pressed > LATE_MS) return;
    pressed = -Infinity;
    model.send({ kind: "inserted", number: message.number, done: inserted(model, message) });
  };

  // What opens below is brought into sight.
  let viewer = null;
  const looked = new MutationObserver(() => {
    const open = panel()?.querySelector(".nb-viewer") ?? null;
    if (open && open !== viewer) open.scrollIntoView({ block: "nearest" });
    viewer = open;
  });
  requestAnimationFrame(() => panel() && looked.observe(panel(), { childList: true, subtree: true }));

  window.addEventListener("keydown", key, true); // before the notebook's own, on the document
  document.addEventListener("click", click, true);
  model.on("msg:custom", hear);
  return () => {
    looked.disconnect();
    window.removeEventListener("keydown", key, true);
    document.removeEventListener("click", click, true);
    model.off("msg:custom", hear);
  };
}

export default { render };
