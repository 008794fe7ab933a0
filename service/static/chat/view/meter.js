import { meterLevel } from "../voice/loudness.js";
import { el } from "./dom.js";

const BARS = 28;
const STEP_MS = 100;
const CALM_STEP_MS = 400;

/**
 * The level of the microphone as it is: the last seconds as bars, the newest at the end. Where motion is unwelcome, one
 * bar that changes seldom.
 */
export class Meter {
  #bars = Array.from({ length: BARS }, () => el("span"));
  #levels = Array(BARS).fill(0);
  #peak = 0;
  #drawnAt = 0;
  #calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  constructor(box) {
    box.append(...this.#bars);
    this.clear();
  }

  clear() {
    this.#levels.fill(0);
    this.#peak = 0;
    this.#drawnAt = 0;
    this.#draw();
  }

  /** at: seconds since the start. */
  take(db, at) {
    this.#peak = Math.max(this.#peak, meterLevel(db));
    if (at * 1000 - this.#drawnAt < (this.#calm.matches ? CALM_STEP_MS : STEP_MS)) return;
    this.#drawnAt = at * 1000;
    if (this.#calm.matches) this.#levels.fill(this.#peak);
    else {
      this.#levels.shift();
      this.#levels.push(this.#peak);
    }
    this.#peak = 0;
    this.#draw();
  }

  #draw() {
    this.#levels.forEach((level, index) => {
      this.#bars[index].style.transform = `scaleY(${Math.max(0.08, level).toFixed(2)})`;
    });
  }
}
