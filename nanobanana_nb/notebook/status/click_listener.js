// Hears what is pressed on the board that it stands in: tiles, and tries again. It shows nothing.
// A file that is saved meanwhile asks it for the tiles (see output_sync.js).

const PRESSED = "[data-look], [data-again], [data-all]";
const TILE = "[data-look]";
const BOARDS = (globalThis[Symbol.for("nanobanana_nb.boards")] ??= new Map());
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function render({ model, el }) {
  el.style.display = "none";
  const board = () => el.closest(".nanobanana-board");
  const found = (event) => {
    const one = event.target.closest?.(PRESSED);
    return one && board()?.contains(one) ? one : null;
  };
  const press = ({ dataset }) => {
    if (dataset.look !== undefined) model.send({ kind: "look", position: Number(dataset.look) });
    else if (dataset.again !== undefined) model.send({ kind: "again", position: Number(dataset.again) });
    else model.send({ kind: "all" });
  };

  const click = (event) => {
    const one = found(event);
    if (one) press(one);
  };
  const key = (event) => {
    const one = found(event);
    if (!one || one.tagName === "BUTTON") return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const step = STEPS[event.key];
    if (step) neighbour(board(), one, step)?.focus();
    else if (event.key === "Enter" || event.key === " ") press(one);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  // The board is drawn anew while a tile has the focus: it keeps it.
  let held = null;
  const hold = (event) => {
    const one = found(event);
    held = one ? selector(one) : null;
    if (one) again.observe(board(), { childList: true, subtree: true });
    else again.disconnect();
  };
  const again = new MutationObserver(() => {
    if (held && (document.activeElement ?? document.body) === document.body)
      board()?.querySelector(held)?.focus({ preventScroll: true });
  });
  const letGo = (event) => {
    if (!found(event)) held = null;
  };

  // Drawn anew, a tile tells its seconds at once.
  const drawn = new MutationObserver(() => tick(board()));
  let watched = null;
  const clock = setInterval(() => {
    if (board() && watched !== board()) drawn.observe((watched = board()), { childList: true, subtree: true });
    tick(board());
  }, 500);
  const told = (message) => {
    if (message.kind === "hold") holdHeight(el.closest(".jp-OutputArea"));
  };
  model.on("msg:custom", told);
  const name = model.get("board");
  BOARDS.set(name, () => stillOf(board()));

  const heard = { click, keydown: key, focusin: hold, pointerdown: letGo };
  for (const [kind, hear] of Object.entries(heard)) document.addEventListener(kind, hear);
  model.send({ kind: "here" });
  return () => {
    again.disconnect();
    clearInterval(clock);
    BOARDS.delete(name);
    drawn.disconnect();
    model.off("msg:custom", told);
    for (const [kind, hear] of Object.entries(heard)) document.removeEventListener(kind, hear);
  };
}

// The tiles with the images that have come, as true tomorrow as now; nothing where there is none.
function stillOf(board) {
  const tiles = board?.querySelector(".nanobanana-tiles .widget-html-content")?.cloneNode(true);
  if (!tiles?.querySelector("img")) return "";
  for (const pressed of tiles.querySelectorAll("[data-again], [data-all]")) pressed.remove();
  for (const seconds of tiles.querySelectorAll("[data-since]")) seconds.textContent = "waiting";
  for (const node of tiles.querySelectorAll("*"))
    for (const { name } of [...node.attributes])
      if (/^(data-|aria-|role$|tabindex$|class$|on)/.test(name)) node.removeAttribute(name);
  return tiles.innerHTML;
}

// The seconds of what runs; the clocks of page and kernel differ by `skew`.
let skew = Infinity;
function tick(board) {
  const now = Date.now() / 1000;
  const drawn = Number(board?.querySelector("[data-now]")?.dataset.now);
  if (drawn) skew = Math.min(skew, now - drawn);
  for (const running of board?.querySelectorAll("[data-since]") ?? []) {
    const text = secondsText(Math.max(0, now - skew - Number(running.dataset.since)));
    if (running.textContent !== text) running.textContent = text;
  }
}

function secondsText(seconds) {
  const whole = Math.round(seconds);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

// What takes the place of the board may be lower: nothing below moves until the cell runs anew, or
// until the window has another width, where all heights are others. A scroll bar is no such thing.
function holdHeight(area) {
  if (!area) return;
  const width = area.offsetWidth;
  area.style.minHeight = `${area.offsetHeight}px`;
  const release = () => {
    area.style.minHeight = "";
    cleared.disconnect();
    resized.disconnect();
  };
  const cleared = new MutationObserver(() => area.childElementCount || release());
  const resized = new ResizeObserver(() => {
    if (area.offsetWidth && Math.abs(area.offsetWidth - width) > 24) release();
  });
  cleared.observe(area, { childList: true });
  resized.observe(area);
}

function neighbour(board, tile, step) {
  const tiles = [...board.querySelectorAll(TILE)];
  return tiles[tiles.indexOf(tile) + step];
}

function selector({ dataset }) {
  if (dataset.look !== undefined) return `[data-look="${Number(dataset.look)}"]`;
  return dataset.again !== undefined ? `[data-again="${Number(dataset.again)}"]` : "[data-all]";
}

export default { render };
