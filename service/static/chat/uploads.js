import { ApiError } from "./api.js";
import { newMessageId } from "./outbox.js";
import { refusalOf } from "./refusal.js";
import { t } from "./strings.js";

/**
 * Recordings on their way. They live in this page's memory only: sound is never written to the browser's storage.
 * A recording that failed stays here until it is tried again or removed.
 */
export class Uploads {
  #api;
  #session;
  #store;
  #onAccepted;
  #files = new Map();

  constructor({ api, session, store, onAccepted }) {
    this.#api = api;
    this.#session = session;
    this.#store = store;
    this.#onAccepted = onAccepted;
  }

  get size() {
    return this.#files.size;
  }

  has(id) {
    return this.#files.has(id);
  }

  add(file) {
    const id = newMessageId();
    const at = Date.now();
    this.#files.set(id, file);
    this.#store.addOwn({ id, text: t("audioMessage", { name: file.name }), at, order: at, audio: true });
    return this.send(id);
  }

  drop(id) {
    this.#files.delete(id);
  }

  async send(id) {
    try {
      if (!this.#session.current) throw new ApiError({ code: "unreachable", message: "", retryable: true });
      const answer = await this.#api.sendAudio(this.#session.current, id, this.#files.get(id));
      this.#files.delete(id);
      const text = answer?.text ?? answer?.transcript;
      this.#store.accept(id, answer?.seq, typeof text === "string" ? text : undefined);
      this.#onAccepted();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#store.refuse(id, refusalOf(error));
    }
  }
}
