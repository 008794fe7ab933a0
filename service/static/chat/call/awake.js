import { allows } from "./devices.js";

/** Keeps a phone's screen on while somebody talks to it. Where the browser cannot, or will not, nothing happens. */
export class Awake {
  #lock = null;
  #isWanted = false;

  constructor() {
    // The browser lets go of it whenever the page is out of sight.
    document.addEventListener("visibilitychange", () => this.#isWanted && document.visibilityState === "visible" && this.#take());
  }

  keep() {
    this.#isWanted = true;
    void this.#take();
  }

  release() {
    this.#isWanted = false;
    this.#lock?.release().catch(() => {});
    this.#lock = null;
  }

  async #take() {
    if (!allows("screen-wake-lock")) return;
    try {
      const lock = await navigator.wakeLock?.request("screen");
      if (this.#isWanted) this.#lock = lock ?? null;
      else await lock?.release();
    } catch {
      // Refused while the battery is low.
    }
  }
}
