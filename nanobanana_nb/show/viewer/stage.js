// A stage holds one or two pictures that are zoomed and moved together.

import { node, picture } from "./dom.js";

const MOST = 16;
const STEP = 1.25;

export class Stage {
  // pictures: [[source, words, width of the original or null], ...]
  constructor(pictures) {
    this.pictures = pictures;
    this.layers = pictures.map(([src, alt]) => node("div", { class: "nb-layer" }, picture(src, alt)));
    this.el = node("div", { class: "nb-stage" }, ...this.layers);
    this.changed = () => {};
    this.reset();
    for (const { firstChild } of this.layers) firstChild.addEventListener("load", () => this.#draw());
    new ResizeObserver(() => this.#draw()).observe(this.el);
    this.el.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.el.addEventListener("pointerdown", (event) => this.#drag(event));
    this.el.addEventListener("dblclick", (event) => this.#toggle(event));
  }

  reset() {
    this.look = { scale: 1, x: 0, y: 0 };
  }

  // What is seen: {scale, x, y}; another stage of the same size can be given it.
  get look() {
    const { scale, x, y } = this;
    return { scale, x, y };
  }

  set look({ scale, x, y }) {
    [this.scale, this.x, this.y] = [scale, x, y];
    this.#draw();
  }

  zoom(direction, at = null) {
    this.#zoomTo(this.scale * (direction > 0 ? STEP : 1 / STEP), at || this.#middle());
  }

  // One pixel of the first original for one pixel of the screen.
  real() {
    this.#zoomTo(this.#real(0), this.#middle());
  }

  turn() {
    if (this.isWhole()) this.real();
    else this.reset();
  }

  isWhole() {
    return Math.abs(this.scale - 1) < 0.001;
  }

  // How large each picture is, in hundredths of its own pixels; once where they are alike.
  percents() {
    const each = this.layers.map((_, n) => (100 * this.scale) / this.#real(n));
    return each.every((percent) => Math.round(percent) === Math.round(each[0])) ? each.slice(0, 1) : each;
  }

  move(dx, dy) {
    [this.x, this.y] = [this.x + dx, this.y + dy];
    this.#draw();
  }

  // The scale at which the n-th picture has its real size, 1 while that is not known.
  #real(n) {
    const { clientWidth, clientHeight, firstChild } = this.layers[n];
    const { naturalWidth: width, naturalHeight: height } = firstChild;
    if (!width || !clientWidth) return 1;
    const fitted = Math.min(clientWidth, (clientHeight * width) / height);
    return (this.pictures[n][2] || width) / devicePixelRatio / fitted;
  }

  // Not smaller than the whole image, unless it is smaller than its place.
  #zoomTo(wanted, [px, py]) {
    const reals = this.layers.map((_, n) => this.#real(n));
    const scale = Math.min(Math.max(MOST, ...reals), Math.max(Math.min(1, ...reals), wanted));
    const factor = scale / this.scale;
    this.look = { scale, x: px - (px - this.x) * factor, y: py - (py - this.y) * factor };
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.layers[0];
    const within = (value, size) => (this.scale < 1 ? (size * (1 - this.scale)) / 2 : Math.min(0, Math.max(size * (1 - this.scale), value)));
    [this.x, this.y] = [within(this.x, width), within(this.y, height)];
    for (const layer of this.layers) {
      layer.firstChild.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    }
    this.el.classList.toggle("nb-zoomed", this.scale > 1);
    this.changed();
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
    if (this.isWhole()) this.#zoomTo(3, this.#inside(event));
    else this.reset();
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
