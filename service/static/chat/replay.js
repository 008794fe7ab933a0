import { ApiError } from "./api.js";

const AFTER_GREETING_MS = 1500;
const AFTER_GAP_MS = 400;

/**
 * Sees to it that no message is missing: what a greeting promised and the line did not bring, and what lies between
 * two numbers, is asked for over HTTP.
 */
export class Replay {
  #fetchAfter;
  #store;
  #onMessage;
  #onSynced;
  #expected = null;
  #timer = 0;

  /** fetchAfter(seq) answers messages in order, as many as the server gives at once. Raises ApiError. */
  constructor({ fetchAfter, store, onMessage, onSynced }) {
    this.#fetchAfter = fetchAfter;
    this.#store = store;
    this.#onMessage = onMessage;
    this.#onSynced = onSynced;
  }

  /** The server has messages up to this number and is about to send them. */
  expect(lastSeq) {
    this.#expected = Number.isInteger(lastSeq) ? lastSeq : 0;
    if (!this.#isDone()) this.soon(AFTER_GREETING_MS);
  }

  /** A message came in. */
  took() {
    if (this.#expected !== null) this.#isDone();
    else if (this.#store.hasGap) this.soon();
  }

  soon(ms = AFTER_GAP_MS) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#catchUp(), ms);
  }

  async #catchUp() {
    try {
      let before;
      do {
        before = this.#store.known;
        const messages = await this.#fetchAfter(before);
        for (const message of messages) this.#onMessage(message);
        this.#store.settle(messages.at(-1)?.seq ?? before);
      } while (this.#store.known > before);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return; // The line is down as well; its next greeting asks again.
    }
    this.#expected ??= 0;
    this.#expected = Math.min(this.#expected, this.#store.known);
    this.#isDone();
  }

  #isDone() {
    if (this.#expected === null || this.#store.known < this.#expected) return false;
    this.#expected = null;
    clearTimeout(this.#timer);
    this.#onSynced();
    return true;
  }
}
