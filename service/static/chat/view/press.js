const HOLD_MS = 400;
const AWAY_PX = 70;
const KEYS = ["Enter", " "];

/**
 * Tells a tap from a press-and-hold, by finger, mouse, pen, Enter and Space, and by a screen reader's bare click.
 *
 * mayBegin(): whether a press begins something now; otherwise the button is an ordinary one and onClick is told.
 * onBegin() at once; then onTap(), or onRelease({away}) after a hold; onAway(on) while a held pointer slides off or back.
 */
export class Press {
  #button;
  #tell;
  #since = 0;
  #by = null;
  #away = false;
  #swallowClick = false;

  constructor(button, { mayBegin, onBegin, onTap, onRelease, onAway, onClick }) {
    this.#button = button;
    this.#tell = { mayBegin, onBegin, onTap, onRelease, onAway, onClick };
    button.addEventListener("pointerdown", (event) => this.#pointerDown(event));
    button.addEventListener("pointermove", (event) => this.#pointerMove(event));
    button.addEventListener("lostpointercapture", () => this.#end("pointer"));
    button.addEventListener("keydown", (event) => this.#keyDown(event));
    button.addEventListener("keyup", (event) => this.#keyUp(event));
    button.addEventListener("blur", () => this.#by !== "pointer" && this.#end(this.#by));
    button.addEventListener("click", () => this.#click());
    // A long press would open the browser's menu over the button that is held.
    button.addEventListener("contextmenu", (event) => this.#by === "pointer" && event.preventDefault());
  }

  #pointerDown(event) {
    this.#swallowClick = false;
    if (event.button !== 0 || this.#by !== null || !this.#tell.mayBegin()) return;
    this.#button.setPointerCapture(event.pointerId);
    this.#begin("pointer");
  }

  #pointerMove(event) {
    if (this.#by !== "pointer") return;
    const { left, right, top, bottom } = this.#button.getBoundingClientRect();
    const x = Math.max(left - event.clientX, 0, event.clientX - right);
    const y = Math.max(top - event.clientY, 0, event.clientY - bottom);
    const away = Math.hypot(x, y) > AWAY_PX;
    if (away !== this.#away) {
      this.#away = away;
      this.#tell.onAway(away);
    }
  }

  #keyDown(event) {
    if (!KEYS.includes(event.key)) return;
    if (this.#by !== null) return event.preventDefault();
    if (event.repeat) return event.preventDefault();
    if (!this.#tell.mayBegin()) return;
    event.preventDefault();
    this.#begin(event.key);
  }

  #keyUp(event) {
    if (event.key !== this.#by) return;
    // Some browsers click a button when Space comes up, even if its going down was taken.
    event.preventDefault();
    this.#end(event.key);
  }

  #click() {
    if (this.#swallowClick) {
      this.#swallowClick = false;
      return;
    }
    if (!this.#tell.mayBegin()) return this.#tell.onClick();
    this.#tell.onBegin();
    this.#tell.onTap();
  }

  #begin(by) {
    this.#by = by;
    this.#away = false;
    this.#since = performance.now();
    this.#swallowClick = by === "pointer";
    this.#tell.onBegin();
  }

  #end(by) {
    if (this.#by === null || this.#by !== by) return;
    this.#by = null;
    if (performance.now() - this.#since < HOLD_MS) this.#tell.onTap();
    else this.#tell.onRelease({ away: this.#away });
  }
}
