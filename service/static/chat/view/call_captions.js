import { markHeard } from "./heard.js";

const LINGERS_MS = 1_200;

/**
 * The sentence that is being spoken: as a line of the call, and marked in its message. Not a live region: whoever has a
 * screen reader hears the assistant itself.
 */
export class CallCaptions {
  #line;
  #log;
  #now = null;
  #timer = 0;

  constructor({ line, log }) {
    this.#line = line;
    this.#log = log;
  }

  /** A sentence begins to sound: {reply, index, part, start, end, text, seconds}. */
  take(caption) {
    this.#now = { ...caption, isBroken: false };
    this.#line.textContent = caption.text;
    this.#draw();
    this.redraw();
    this.#until(caption.seconds);
  }

  /** The customer spoke into it. */
  breakOff({ reply }) {
    if (this.#now?.reply !== reply) return;
    this.#now = { ...this.#now, isBroken: true };
    clearTimeout(this.#timer);
    this.#draw();
  }

  /** It was no interruption: the sentence goes on where it was. */
  resume({ reply }) {
    if (this.#now?.reply !== reply) return;
    this.#now = { ...this.#now, isBroken: false };
    this.#draw();
    this.#until(this.#now.seconds);
  }

  /** The customer has the floor now: what was broken off is not taken up again. */
  forgetBroken() {
    if (this.#now?.isBroken) this.clear();
  }

  /** The message may have been drawn only now. */
  redraw() {
    if (this.#now && !this.#now.isBroken) requestAnimationFrame(() => requestAnimationFrame(() => this.#now && this.#draw()));
  }

  clear() {
    clearTimeout(this.#timer);
    this.#now = null;
    this.#line.textContent = "";
    this.#line.classList.remove("is-broken");
    markHeard(this.#log, null, null);
  }

  /** What is heard ends by itself; a longer sentence than was foretold is followed by its next frame. */
  #until(seconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.clear(), Math.max(0, Number(seconds) || 0) * 1000 + LINGERS_MS);
  }

  #draw() {
    const { isBroken, reply } = this.#now;
    this.#line.classList.toggle("is-broken", isBroken);
    const bubble = markHeard(this.#log, isBroken ? null : reply, this.#now);
    bubble?.scrollIntoView({ block: "nearest" });
  }
}
