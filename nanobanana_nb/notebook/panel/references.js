// The reference images of a panel: thumbnails, and the place for files that are dropped on the
// panel, pasted into it, or chosen. Bytes go to the kernel; nothing is fetched from an address.
// Each file is announced before its bytes are read: a click that comes after it then finds the
// kernel waiting for it, and pays for no image without it.
import { button, node, picture, words } from "./dom.js";

const DRAGGED = "application/x-nanobanana-image"; // a tile of the wall
const MOST = 6e6; // bytes of one message: servers take ten million, as text a third more
const MOST_PX = 8192;
const HINT = "Drop or paste pictures here, or drag them from the wall";

const newKey = () => Math.random().toString(36).slice(2); // crypto.randomUUID wants https
const millions = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

// The file itself, or a smaller picture of it where it is too large for a message.
async function fitted(file) {
  if (file.size <= MOST) return { bytes: await file.arrayBuffer(), text: "" };
  const bitmap = await createImageBitmap(file);
  const type = file.type === "image/jpeg" ? "image/jpeg" : "image/webp";
  let scale = Math.min(1, MOST_PX / Math.max(bitmap.width, bitmap.height));
  for (; scale > 0.02; scale *= 0.8) {
    const size = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
    const canvas = Object.assign(document.createElement("canvas"), { width: size[0], height: size[1] });
    canvas.getContext("2d").drawImage(bitmap, 0, 0, ...size);
    const small = await new Promise((done) => canvas.toBlob(done, type, 0.92));
    if (!small || small.size > MOST) continue;
    const text = `${file.name} has ${millions(file.size)}, too much for a message: it was scaled to ${size.join(" × ")}.`;
    return { bytes: await small.arrayBuffer(), text };
  }
  throw new Error("it cannot be made small enough");
}

function render({ model, el }) {
  const panel = () => el.closest(".nb-panel") ?? el;
  const thumbs = node("div", { class: "nbp-thumbs", role: "list" });
  const hint = node("span", { class: "nbp-hint" }, HINT);
  const status = node("p", { class: "nbp-note", role: "status" });
  const chooser = node("input", { type: "file", multiple: true, accept: "image/*", hidden: true, tabindex: "-1" });
  const upload = button("Upload", "Upload", () => chooser.click(), { title: "Choose pictures of this computer" });
  const strip = node(
    "div",
    { class: "nbp-strip", role: "group", tabindex: "0", "aria-label": `Reference images. ${HINT}` },
    thumbs,
    hint,
    upload,
    chooser,
  );

  const say = (text) => {
    status.textContent = text;
    status.hidden = !text;
  };

  const held = new Set(); // keys of files whose bytes are still here
  const fresh = new Map(); // names by key, until the kernel shows that it waits for them

  function end(key, why = "") {
    fresh.delete(key);
    held.delete(key);
    model.send({ kind: "end", key, why });
    redraw();
  }

  async function give(key, file) {
    try {
      const { bytes, text } = await fitted(file);
      if (held.delete(key)) model.send({ kind: "file", key }, undefined, [bytes]);
      return text;
    } catch {
      end(key, file.size > MOST ? "large" : "unread");
      return "";
    }
  }

  async function take(files) {
    const uploads = files.map((file) => [newKey(), file]);
    for (const [key, { name }] of uploads) {
      held.add(key);
      fresh.set(key, name);
      model.send({ kind: "upload", key, name });
    }
    say("");
    redraw();
    const texts = [];
    for (const [key, file] of uploads) texts.push(held.has(key) ? await give(key, file) : "");
    say(texts.filter(Boolean).join(" "));
  }

  function coming() {
    const known = model.get("uploads");
    for (const { key } of known) fresh.delete(key);
    const all = [...known, ...[...fresh].map(([key, name]) => ({ key, name }))];
    return all.map(({ key, name }) => {
      const shown = words("coming", { class: "nbp-chip nbp-coming", title: name });
      const remove = button("×", `Remove ${name}`, () => end(key), { class: "nbp-remove" });
      return node("div", { class: "nbp-thumb", role: "listitem", "aria-label": `${name} is coming` }, shown, remove);
    });
  }

  function redraw() {
    const tiles = model.get("items").map((item, position) => {
      const shown = item.picture
        ? picture(item.picture, item.name, { title: item.name })
        : words(item.name, { class: "nbp-chip", title: item.name });
      const remove = button("×", `Remove ${item.name}`, () => {
        say("");
        model.send({ kind: "remove", position });
      }, {
        class: "nbp-remove",
      });
      const name = node("input", {
        class: "nbp-name",
        type: "text",
        value: item.shows,
        maxlength: "60",
        placeholder: "shows…",
        title: "Who or what it shows: the model is told this name",
        "aria-label": `What ${item.name} shows`,
      });
      name.addEventListener("keydown", ({ key }) => key === "Enter" && name.blur());
      name.addEventListener("change", () => model.send({ kind: "name", position, text: name.value }));
      return node("div", { class: "nbp-thumb", role: "listitem" }, shown, name, remove);
    });
    const focused = thumbs.contains(document.activeElement);
    thumbs.replaceChildren(...tiles, ...coming());
    if (focused) strip.focus(); // else the panel's keys would be the notebook's
    thumbs.hidden = !thumbs.children.length;
  }

  const comes = ({ dataTransfer }) => ["Files", DRAGGED].some((type) => dataTransfer?.types.includes(type));
  const over = (event) => {
    if (!comes(event)) return;
    event.preventDefault();
    event.stopPropagation();
    event.dataTransfer.dropEffect = "copy";
    strip.classList.add("nbp-over");
  };
  const leave = (event) => {
    if (!panel().contains(event.relatedTarget)) strip.classList.remove("nbp-over");
  };
  const drop = (event) => {
    strip.classList.remove("nbp-over");
    const key = event.dataTransfer?.getData(DRAGGED);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!key && !files.length) {
      if (!strip.contains(event.target)) return;
      say("Only a picture of the wall or a file can be dropped here. A link can be typed below.");
    }
    event.preventDefault();
    event.stopPropagation();
    if (key) {
      say("");
      model.send({ kind: "take", key });
    }
    if (!key && files.length) take(files);
  };
  const paste = (event) => {
    const files = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith("image/"));
    const typing = event.target.matches?.("input, textarea") && event.clipboardData.types.includes("text/plain");
    if (!files.length || typing) return;
    event.preventDefault();
    event.stopPropagation();
    take(files);
  };

  chooser.addEventListener("change", () => {
    take([...chooser.files]);
    chooser.value = "";
  });
  const heard = { dragover: over, dragleave: leave, drop, paste };
  const onPanel = (act) => (event) => panel().contains(event.target) && act(event);
  const listeners = Object.entries(heard).map(([kind, act]) => [kind, onPanel(act)]);
  for (const [kind, hear] of listeners) document.addEventListener(kind, hear, true);
  el.classList.add("nbp-references", "mathjax_ignore", "tex2jax_ignore");
  el.append(node("span", { class: "nbp-label", "aria-hidden": "true" }, "Reference images"), strip, status);
  model.on("change:items", redraw);
  model.on("change:uploads", redraw);
  const leavePage = () => held.forEach((key) => model.send({ kind: "end", key }));
  window.addEventListener("pagehide", leavePage);
  say("");
  redraw();
  return () => {
    for (const [kind, hear] of listeners) document.removeEventListener(kind, hear, true);
    window.removeEventListener("pagehide", leavePage);
    model.off("change:items", redraw);
    model.off("change:uploads", redraw);
  };
}

export default { render };
