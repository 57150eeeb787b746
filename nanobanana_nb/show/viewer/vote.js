// The blind vote: two images without labels; arrow keys or buttons say which is better.

import { button, letThrough, node, notice, picture, words } from "./dom.js";

const KEYS = { ArrowLeft: "left", ArrowRight: "right", ArrowDown: "tie", "=": "tie" };

// model: `pair` {number, progress, left, right}, left and right being pictures; {verdict} at the end.
// It is sent {kind: "vote", number, outcome}, {kind: "back"}, {kind: "resume"} and {kind: "finish"}.
export function render({ model, el }) {
  const root = node("div", { class: "nb-viewer nb-vote", tabindex: "0", role: "group", "aria-label": "Vote" });
  const status = node("div", { class: "nb-status", role: "status" });
  const sides = node("div", { class: "nb-pair" });
  const tools = node("div", { class: "nb-tools" });
  root.append(node("h1", {}, "Which is better?"), status, sides, tools);
  let said = null; // the number that was voted on and whose answer is not here yet

  const vote = (outcome) => {
    const { number } = model.get("pair");
    if (!number || said === number) return;
    said = number;
    model.send({ kind: "vote", number, outcome });
  };
  const send = (kind) => () => model.send({ kind });
  const side = (outcome, src) =>
    node("button", { type: "button", class: "nb-choice", "aria-label": `The ${outcome} one is better`, onclick: () => vote(outcome) }, picture(src, `${outcome} image`));

  function draw() {
    const { number, progress, verdict, left, right } = model.get("pair");
    const inside = root.contains(document.activeElement);
    said = null;
    status.replaceChildren(words(number ? `Pair ${number}. ${progress}` : verdict));
    sides.replaceChildren(...(number ? [side("left", left), side("right", right)] : []));
    tools.replaceChildren(...buttons(number));
    if (inside) root.focus({ preventScroll: true });
  }

  function buttons(number) {
    const made = number
      ? [
          button("← Left", "The left one is better (←)", () => vote("left")),
          button("↓ Alike", "Neither is better (↓)", () => vote("tie")),
          button("Right →", "The right one is better (→)", () => vote("right")),
        ]
      : [button("Go on", "Vote on more pairs", send("resume"))];
    const back = button("Back", "Vote on the last pair again (Backspace)", send("back"));
    return [...made, back, button("Finish", "Show the ranks", send("finish"))];
  }

  const leaveKeys = letThrough(root, ({ key }) => key === "=");
  root.addEventListener("keydown", (event) => {
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (modified || event.repeat || (event.shiftKey && event.key !== "=")) return;
    if (KEYS[event.key]) vote(KEYS[event.key]);
    else if (event.key === "Backspace") model.send({ kind: "back" });
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const hear = (message) => {
    said = null;
    notice(el, message);
  };
  model.on("change:pair", draw);
  model.on("msg:custom", hear);
  draw();
  el.append(root);
  root.focus({ preventScroll: true });
  return () => {
    leaveKeys();
    model.off("change:pair", draw);
    model.off("msg:custom", hear);
    root.remove();
  };
}

export default { render };
