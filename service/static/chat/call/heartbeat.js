const EVERY_MS = 5_000;
const ANSWER_WITHIN_MS = 10_000;

/**
 * Asks the other side whether it is there. A line that says nothing for too long is dead, whatever the browser believes;
 * so is one over which the device has slept.
 */
export class Heartbeat {
  #send;
  #onSilent;
  #timer = 0;
  #askedAt = null;

  /** send(frame) puts a frame on the line; onSilent() is called once. */
  constructor({ send, onSilent }) {
    this.#send = send;
    this.#onSilent = onSilent;
  }

  start() {
    this.#askedAt = null;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.beat(), EVERY_MS);
    this.beat();
  }

  /** Anything came from the other side. */
  heard() {
    this.#askedAt = null;
  }

  /** Ask now, as after the page has come back to sight. */
  beat() {
    // Counted from the question, not from the last answer: a page out of sight asks seldom, and is not dead for that.
    if (this.#askedAt !== null && performance.now() - this.#askedAt > ANSWER_WITHIN_MS) return this.#give();
    if (this.#send({ type: "ping" })) this.#askedAt ??= performance.now();
    return undefined;
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  #give() {
    if (this.#timer === 0) return;
    this.stop();
    this.#onSilent();
  }
}
