// Elements made of text: what a person or a service wrote never becomes markup.

export function node(name, given = {}, ...children) {
  const made = document.createElement(name);
  // Notebook 7 takes keys before any handler here, unless what has the focus says this itself.
  made.dataset.lmSuppressShortcuts = "true";
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function button(words, label, press, more = {}) {
  const given = { type: "button", "aria-label": label, title: label, onclick: press, ...more };
  return node("button", given, words);
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

// A dialog that is gone once it is closed, and gives the focus back.
export function dialog(root, label, kind, ...children) {
  const before = document.activeElement;
  const made = node("dialog", { class: `nb-dialog ${kind}`, "aria-label": label }, ...children);
  made.addEventListener("close", () => {
    made.remove();
    if (before && before.isConnected) before.focus();
  });
  root.append(made);
  made.showModal();
  return made;
}

// What went wrong in the kernel, below what is shown.
export function trouble(el, { kind, text }) {
  if (kind !== "trouble") return;
  const told = node("p", { class: "nb-viewer nb-trouble", role: "alert", dir: "auto" }, text);
  el.querySelector(".nb-trouble")?.remove();
  el.append(told);
}
