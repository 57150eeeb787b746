// Elements made of text: what a person or a service wrote never becomes markup, and no control
// character or turn of the direction in it is obeyed.

const OBEYED =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function inert(child) {
  return typeof child === "string" ? child.replace(OBEYED, "") : child;
}

export function node(name, given = {}, ...children) {
  const made = document.createElement(name);
  // Notebook 7 takes keys before any handler here, unless what has the focus says this itself.
  made.dataset.lmSuppressShortcuts = "true";
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : inert(String(value)));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined).map(inert));
  return made;
}

// Keys with modifiers are the notebook's, as Shift+Enter is, unless a person types or `own` says so.
export function letThrough(root, own = () => false) {
  const listen = (event) => {
    const modified = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    const typing = event.target.matches?.("input, textarea, select") && event.key !== "Enter";
    if (!modified || typing || !root.contains(event.target) || own(event)) return;
    const silent = event.composedPath().filter((one) => one.dataset?.lmSuppressShortcuts);
    for (const one of silent) delete one.dataset.lmSuppressShortcuts;
    setTimeout(() => silent.forEach((one) => (one.dataset.lmSuppressShortcuts = "true")));
  };
  window.addEventListener("keydown", listen, true); // before the notebook's own, on the document
  return () => window.removeEventListener("keydown", listen, true);
}

export function button(words, label, press, more = {}) {
  const given = { type: "button", "aria-label": label, title: label, onclick: press, ...more };
  return node("button", given, words);
}

// Tools, on as many lines as they need, and at the end of the first line what helps and closes.
export function bar(tools, ends) {
  return [node("div", { class: "nb-controls" }, ...tools), node("div", { class: "nb-ends" }, ...ends)];
}

// `pick(value)` is told of the option that was chosen; options are [value, text].
export function picker(label, options, chosen, pick, name = label) {
  const made = options.map(([value, text]) => node("option", { value, selected: String(value) === String(chosen) }, text));
  const select = node("select", { onchange: (event) => pick(event.target.value), "data-axis": label, "aria-label": name }, ...made);
  return node("label", { dir: "auto" }, `${label} `, select);
}

export function words(text, given = {}) {
  return node("span", { dir: "auto", ...given }, String(text));
}

// A picture may come from the page itself only.
export function picture(src, alt, given = {}) {
  const own = /^(data:image\/(png|jpeg|webp);base64,|blob:)/.test(src || "");
  return node("img", { src: own ? src : null, alt, draggable: "false", ...given });
}

// A link leads to a file beside the page or to https.
export function link(href, ...children) {
  const safe = href && (/^https:\/\//i.test(href) || !/^([a-z][a-z0-9+.-]*:|[/\\])/i.test(href));
  if (!safe) return node("span", {}, ...children);
  return node("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

// A dialog over the page that is gone once it is closed, and gives the focus back.
export function dialog(root, label, kind, ...children) {
  const made = closable(root, label, kind, children);
  made.showModal();
  made.focus({ preventScroll: true }); // not what stands first in it, which has keys of its own
  return made;
}

// The same in the page, above the grid: it covers nothing and takes no focus.
export function inset(root, label, kind, ...children) {
  const made = closable(root, label, kind, children);
  root.querySelector(".nb-scroll").before(made);
  made.setAttribute("open", ""); // `show()` would take the focus
  return made;
}

// A widget is drawn before it is on the page, where no dialog can open yet.
export function onceConnected(el, act, frames = 60) {
  if (el.isConnected) act();
  else if (frames) requestAnimationFrame(() => onceConnected(el, act, frames - 1));
}

// Gives the whole window to what stands in the page.
export function enlarge(made) {
  made.removeAttribute("open");
  made.showModal();
}

function closable(root, label, kind, children) {
  const before = document.activeElement;
  const made = node("dialog", { class: `nb-dialog ${kind}`, "aria-label": label, tabindex: "-1" }, ...children);
  made.addEventListener("close", () => {
    made.remove();
    if (before && before.isConnected) before.focus();
  });
  root.append(made);
  return made;
}

// Draws `el` anew; who was on one of its buttons stays there, for the keys are heard inside only.
export function redraw(el, draw) {
  const focused = el.contains(document.activeElement) ? document.activeElement : null;
  const label = focused?.getAttribute("aria-label");
  draw();
  if (!focused || el.contains(document.activeElement)) return;
  const same = [...el.querySelectorAll("[aria-label]")].find((node) => node.getAttribute("aria-label") === label);
  (same || el).focus({ preventScroll: true });
}

// What the kernel has to say, in what is open: a sentence, an error, or a cell to copy.
// message: {kind: "said" | "trouble" | "cell", text, cell}; `insert` asks for the cell to be put in.
export function notice(el, { kind, text, cell }, insert = null) {
  if (!["said", "trouble", "cell"].includes(kind)) return;
  const old = el.querySelector(".nb-told");
  const inside = old?.contains(document.activeElement);
  const back = inside ? old.back : document.activeElement;
  old?.remove();
  const wrong = kind === "trouble";
  const given = { class: wrong ? "nb-told nb-trouble" : "nb-told", role: wrong ? "alert" : "status" };
  const said = node("div", given, words(text), ...(kind === "cell" ? copied(cell, insert) : []));
  const away = () => {
    said.remove();
    back.focus({ preventScroll: true }); // keys are heard inside the viewer only
  };
  said.append(button("✕", "Put this away", away, { class: "nb-away-with-it" }));
  said.back = back;
  const open = [...el.querySelectorAll("dialog")].at(-1) || el.querySelector(".nb-viewer") || el;
  open.append(said);
  if (inside) said.querySelector("button").focus();
  said.scrollIntoView({ block: "nearest" });
}

function copied(cell, insert) {
  const rows = Math.min(8, cell.split("\n").length + 1);
  const area = node("textarea", { readonly: true, rows, "aria-label": "Cell", spellcheck: "false" });
  area.value = cell;
  const copy = button("Copy", "Copy the cell", async () => {
    area.select();
    const done = await navigator.clipboard?.writeText(cell).then(() => true, () => false);
    copy.textContent = done ? "Copied" : "Press Ctrl+C"; // a page without https has no clipboard
  });
  return [area, copy, insert && button("Insert as cell", "Put it below the next cell that you run", insert)];
}
