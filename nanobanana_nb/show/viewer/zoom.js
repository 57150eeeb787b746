// The zoom of a stage in buttons, keys and a figure. 100 % is one pixel of the original for one
// pixel of the screen; where a smaller copy is shown the figure still tells of the original.

import { button, node } from "./dom.js";

export function zoomKey(stage, key) {
  if (key === "+" || key === "=") stage.zoom(1);
  else if (key === "-") stage.zoom(-1);
  else if (key === "0") stage.reset();
  else if (key === "1" || key === "z") stage.real();
  else return false;
  return true;
}

export function zoomButtons(stage) {
  const figure = button("", "Zoom", () => stage.turn(), { class: "nb-zoom" });
  const tell = () => {
    figure.textContent = stage.percents().map((percent) => `${Math.round(percent)} %`).join(" · ");
    const label = `Zoom ${figure.textContent}: ${stage.isWhole() ? "real pixels (z)" : "whole image (0)"}`;
    figure.setAttribute("aria-label", label);
    figure.title = label;
  };
  stage.changed = tell;
  tell();
  return node(
    "div",
    { class: "nb-zooms", role: "group", "aria-label": "Zoom" },
    button("−", "Smaller (-)", () => stage.zoom(-1)),
    figure,
    button("+", "Larger (+)", () => stage.zoom(1)),
    button("Fit", "Whole image (0)", () => stage.reset()),
    button("1 : 1", "Real pixels (z)", () => stage.real()),
  );
}
