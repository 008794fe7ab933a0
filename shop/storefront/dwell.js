const SHORTEST_S = 2;
const LONGEST_S = 1800;

/** How long a product has been looked at. Time in which the page is not to be seen does not count. */
export class Dwell {
  #tell;
  #item = null;
  #since = null;
  #seconds = 0;

  /** tell(itemId, seconds): called once for each look of two seconds or more. */
  constructor(tell) {
    this.#tell = tell;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#rest() : this.#go()));
    window.addEventListener("pagehide", () => this.end());
  }

  begin(itemId) {
    this.end();
    this.#item = itemId;
    if (!document.hidden) this.#go();
  }

  end() {
    this.#rest();
    if (this.#item !== null && this.#seconds >= SHORTEST_S) this.#tell(this.#item, Math.min(LONGEST_S, Math.round(this.#seconds)));
    this.#item = null;
    this.#seconds = 0;
  }

  #go() {
    if (this.#item !== null) this.#since = performance.now();
  }

  #rest() {
    if (this.#since !== null) this.#seconds += (performance.now() - this.#since) / 1000;
    this.#since = null;
  }
}
