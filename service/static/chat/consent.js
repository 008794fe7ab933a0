const KEY = "attune.consent";
/** What can be allowed, one by one, in the order of the switches. */
export const SIGNALS = ["text", "voice", "face", "behaviour"];
const NOTHING = Object.freeze(Object.fromEntries(SIGNALS.map((signal) => [signal, false])));

/**
 * What the customer allows, as the server has it. Everything is off until the server has stored a yes.
 *
 * Events: "change", and "settled" when nothing is being stored any more. granted: a yes or no for each of SIGNALS; known: whether the server has said so in this session.
 */
export class Consent extends EventTarget {
  #api;
  #session;
  #storage;
  #saving = 0;

  granted = NOTHING;
  known = false;

  constructor({ api, session, storage }) {
    super();
    this.#api = api;
    this.#session = session;
    this.#storage = storage;
    // Another tab of this conversation changed it.
    window.addEventListener("storage", (event) => event.key === KEY && this.#follow());
  }

  get any() {
    return SIGNALS.some((signal) => this.granted[signal]);
  }

  /** The notice that a yes is given to. */
  get notice() {
    return this.#session.current?.notice ?? null;
  }

  /** Take what the server says. */
  take(consent) {
    this.granted = Object.freeze(Object.fromEntries(SIGNALS.map((signal) => [signal, consent?.[signal] === true])));
    this.known = true;
    this.dispatchEvent(new CustomEvent("change"));
  }

  /** Store one yes or no. It counts only when the server has it. Raises ApiError. */
  async set(signal, granted) {
    const session = this.#session.current;
    this.#saving += 1;
    try {
      await this.#api.setConsent(session, { signal, granted, textVersion: this.notice?.version ?? "unknown" });
      this.take({ ...this.granted, [signal]: granted });
      this.#storage.setJson(KEY, { conversation: session.id, ...this.granted });
    } finally {
      this.#saving -= 1;
      if (this.#saving === 0) this.dispatchEvent(new CustomEvent("settled"));
    }
  }

  /** A yes or no is on its way: what is sent next must not overtake it. */
  get isSaving() {
    return this.#saving > 0;
  }

  /** Withdraw everything that is allowed. Raises ApiError. */
  async withdraw() {
    for (const signal of SIGNALS) if (this.granted[signal]) await this.set(signal, false);
  }

  #follow() {
    const said = this.#storage.getJson(KEY);
    if (said && said.conversation === this.#session.current?.id) this.take(said);
  }
}
