import { ApiError } from "./api.js";

const KEY = "attune.tab";
const SEND_AFTER_MS = 2_500;
const TRY_AGAIN_MS = 10_000;
const MOST_AT_ONCE = 100;
const MOST_WAITING = 300;
const OLDEST_MS = 3_600_000;

/**
 * Steps of the shop's page, sent in small batches while the customer allows it.
 *
 * Without the consent nothing is kept, stored or sent: what comes in is dropped. A withdrawal empties everything.
 * onHelp(): the server offers help, in this tab and once.
 */
export class Steps {
  #api;
  #session;
  #consent;
  #storage;
  #isIdle;
  #onHelp;
  #waiting = [];
  #batch = null;
  #isSending = false;
  #timer = 0;

  /** storage: the tab's. isIdle(): whether an offer of help would interrupt nothing. */
  constructor({ api, session, consent, storage, isIdle, onHelp }) {
    this.#api = api;
    this.#session = session;
    this.#consent = consent;
    this.#storage = storage;
    this.#isIdle = isIdle;
    this.#onHelp = onHelp;
    consent.addEventListener("change", () => this.#mayGo || this.#forget());
  }

  /** One step, as the host reports it. agoMs: how long ago it happened. */
  record({ name, kind, agoMs }) {
    if (!this.#mayGo) return;
    this.#waiting.push({ name, kind, at: performance.now() - agoMs });
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    this.#timer ||= setTimeout(() => this.#send(), SEND_AFTER_MS);
  }

  /** The page goes away: send what there is; nothing can be offered there any more. */
  flush() {
    if (this.#waiting.length > 0 && !this.#isSending) void this.#send({ leaving: true });
  }

  get #mayGo() {
    return this.#consent.granted.behaviour;
  }

  async #send({ leaving = false } = {}) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (!this.#mayGo || this.#isSending) return;
    // The same batch keeps its id for every attempt: the answer may be lost, and what is stored counts once.
    this.#batch ??= { id: crypto.getRandomValues(new Uint32Array(4)).join("-"), steps: this.#waiting.splice(0, MOST_AT_ONCE) };
    const batch = this.#batch;
    const steps = batch.steps
      .map(({ name, kind, at }) => ({ name, kind, ago_ms: Math.max(0, Math.round(performance.now() - at)) }))
      .filter((step) => step.ago_ms <= OLDEST_MS);
    let again = SEND_AFTER_MS;
    this.#isSending = true;
    try {
      const idle = !leaving && this.#isIdle();
      const answer = steps.length > 0 ? await this.#api.sendSteps(this.#session.current, { id: batch.id, tab: this.#tab(), idle, steps }) : null;
      this.#done(batch);
      if (answer?.help === true && this.#mayGo) this.#onHelp();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!error.retryable) this.#done(batch);
      // Withdrawn elsewhere, and the word of it has not come yet.
      if (error.code === "no_consent" && this.#mayGo) this.#consent.take({ ...this.#consent.granted, behaviour: false });
      again = (error.retryAfterS ?? 0) * 1000 || TRY_AGAIN_MS;
    } finally {
      this.#isSending = false;
    }
    if (this.#mayGo && (this.#batch || this.#waiting.length > 0)) this.#timer ||= setTimeout(() => this.#send(), again);
  }

  #done(batch) {
    if (this.#batch === batch) this.#batch = null;
  }

  /** A random name of this tab, so that two tabs side by side are no to and fro. */
  #tab() {
    if (!this.#storage.get(KEY)) this.#storage.set(KEY, crypto.getRandomValues(new Uint32Array(3)).join("-"));
    return this.#storage.get(KEY);
  }

  #forget() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#waiting = [];
    this.#batch = null;
    this.#storage.remove(KEY);
  }
}
