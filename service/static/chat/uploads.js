import { ApiError } from "./api.js";
import { backoff } from "./connection.js";
import { newMessageId } from "./outbox.js";
import { refusalOf } from "./refusal.js";
import { t } from "./strings.js";

const BUSY_TRIES = 5;
const BUSY_WAIT_MS = 5_000;

/**
 * Recordings on their way, one after the other and in order. They live in this page's memory only: sound is never
 * written to the browser's storage.
 *
 * A recording that does not get through because of the line or the server is sent again by itself, under the same
 * id, which the server takes once. One that the server refuses stays until it is tried again or removed.
 */
export class Uploads {
  #api;
  #session;
  #store;
  #playback;
  #mayGo;
  #onAccepted;
  /** id → {file, at, failures, busy, refused}. */
  #entries = new Map();
  #sending = null;
  #timer = 0;

  /** mayGo() answers whether there is a network at all; onAccepted(id) is told when the server has one. */
  constructor({ api, session, store, playback, mayGo, onAccepted }) {
    this.#api = api;
    this.#session = session;
    this.#store = store;
    this.#playback = playback;
    this.#mayGo = mayGo;
    this.#onAccepted = onAccepted;
  }

  get size() {
    return this.#entries.size;
  }

  has(id) {
    return this.#entries.has(id);
  }

  /** file: File, or Blob with its length in seconds. */
  add(file, seconds = null) {
    const id = newMessageId();
    this.#entries.set(id, { file, seconds, at: Date.now(), failures: 0, busy: 0, refused: false });
    this.#playback.hold(id, file, seconds);
    this.#show(id);
    void this.#work();
  }

  /** Try a refused one, or the next one now. */
  retry(id) {
    const entry = this.#entries.get(id);
    if (!entry) return;
    Object.assign(entry, { refused: false, busy: 0, failures: 0 });
    this.#store.retry(id);
    this.flush();
  }

  /** Forget one, also while it is being sent. */
  drop(id) {
    if (!this.#entries.delete(id)) return;
    this.#playback.drop(id);
    if (this.#sending?.id === id) this.#sending.stop.abort();
    void this.#work();
  }

  /** The server has it, whoever says so. False if it was none of these. */
  settle(id) {
    if (!this.#entries.delete(id)) return false;
    if (this.#sending?.id === id) this.#sending.stop.abort();
    void this.#work();
    return true;
  }

  /** The line is back: nothing waits any longer. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    void this.#work();
  }

  /** Show them again, after the conversation was begun anew. */
  showWaiting() {
    for (const id of this.#entries.keys()) this.#show(id);
  }

  #show(id) {
    const { file, seconds, at } = this.#entries.get(id);
    const text = seconds === null ? t("audioMessage", { name: file.name }) : t("voiceMessage");
    this.#store.addOwn({ id, text, at, order: at, audio: true, seconds });
  }

  async #work() {
    if (this.#sending !== null || this.#timer !== 0) return this.#tellWaiting();
    const next = [...this.#entries].find(([, entry]) => !entry.refused);
    if (!next) return;
    const [id, entry] = next;
    if (!this.#mayGo() || !this.#session.current) return this.#wait(id, "line", backoff(++entry.failures, Math.random));
    this.#sending = { id, stop: new AbortController() };
    this.#store.patch(id, { waiting: null });
    this.#tellWaiting();
    try {
      await this.#send(id, entry);
    } finally {
      this.#sending = null;
    }
    void this.#work();
  }

  async #send(id, entry) {
    const session = this.#session.current;
    try {
      const answer = await this.#api.sendAudio(session, id, entry.file, this.#sending.stop.signal);
      this.#entries.delete(id);
      const text = answer?.text ?? answer?.transcript;
      this.#store.accept(id, answer?.seq, typeof text === "string" ? text : undefined);
      this.#onAccepted(id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (this.#entries.has(id)) this.#failed(id, entry, error);
    }
  }

  #failed(id, entry, error) {
    if (error.status === 503 && error.retryAfterS !== null && entry.busy < BUSY_TRIES) {
      entry.busy += 1;
      return this.#wait(id, "busy", error.retryAfterS * 1000 || BUSY_WAIT_MS);
    }
    // A conversation that has gone is begun anew as soon as the line notices; the recording goes there.
    const isPassing = error.code === "unreachable" || error.isGone || [500, 502, 504].includes(error.status);
    if (isPassing) return this.#wait(id, "line", backoff(++entry.failures, Math.random));
    entry.refused = true;
    return this.#store.refuse(id, refusalOf(error));
  }

  #wait(id, why, ms) {
    this.#store.patch(id, { waiting: why });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), ms);
    this.#tellWaiting(id);
  }

  /** The others stand in line behind the one that is being sent or waits. */
  #tellWaiting(first = this.#sending?.id) {
    for (const [id, entry] of this.#entries) {
      if (id !== first && !entry.refused && first !== undefined) this.#store.patch(id, { waiting: "turn" });
    }
  }
}
