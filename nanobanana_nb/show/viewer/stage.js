// A stage holds one or two pictures that are zoomed and moved together.

import { node, picture } from "./dom.js";

const MOST = 16;
const STEP = 1.25;

export class Stage {
  constructor(pictures, changed = () => {}) {
    this.layers = pictures.map(([src, alt]) => node("div", { class: "nb-layer" }, picture(src, alt)));
    this.el = node("div", { class: "nb-stage" }, ...this.layers);
    this.changed = changed;
    this.reset();
    this.el.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.el.addEventListener("pointerdown", (event) => this.#drag(event));
    this.el.addEventListener("dblclick", (event) => this.#toggle(event));
  }

  reset() {
    [this.scale, this.x, this.y] = [1, 0, 0];
    this.#draw();
  }

  zoom(direction, at = null) {
    this.#zoomTo(this.scale * (direction > 0 ? STEP : 1 / STEP), at || this.#middle());
  }

  move(dx, dy) {
    [this.x, this.y] = [this.x + dx, this.y + dy];
    this.#draw();
  }

  #zoomTo(wanted, [px, py]) {
    const scale = Math.min(MOST, Math.max(1, wanted));
    const factor = scale / this.scale;
    [this.x, this.y] = [px - (px - this.x) * factor, py - (py - this.y) * factor];
    this.scale = scale;
    this.#draw();
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.layers[0];
    const within = (value, size) => Math.min(0, Math.max(size * (1 - this.scale), value));
    [this.x, this.y] = [within(this.x, width), within(this.y, height)];
    for (const layer of this.layers) {
      layer.firstChild.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    }
    this.el.classList.toggle("nb-zoomed", this.scale > 1);
    this.changed(this.scale);
  }

  #middle() {
    return [this.layers[0].clientWidth / 2, this.layers[0].clientHeight / 2];
  }

  #inside(event) {
    const over = this.layers.map((layer) => layer.getBoundingClientRect());
    const box = over.find((one) => event.clientX >= one.left && event.clientX <= one.right) || over[0];
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #wheel(event) {
    event.preventDefault();
    this.#zoomTo(this.scale * Math.exp(-event.deltaY / 400), this.#inside(event));
  }

  #toggle(event) {
    if (this.scale > 1) this.reset();
    else this.#zoomTo(3, this.#inside(event));
  }

  #drag(event) {
    if (event.button !== 0) return;
    let [x, y] = [event.clientX, event.clientY];
    const move = (next) => {
      this.move(next.clientX - x, next.clientY - y);
      [x, y] = [next.clientX, next.clientY];
    };
    this.el.setPointerCapture(event.pointerId);
    this.el.addEventListener("pointermove", move);
    const end = () => this.el.removeEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.el.addEventListener(name, end, { once: true });
  }
}
