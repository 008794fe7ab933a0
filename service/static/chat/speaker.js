import { ApiError } from "./api.js";
import { claimQuiet, keepQuietFor } from "./voice/quiet.js";

const STARTS_WITHIN_MS = 600;
const TRIES = 3;

/** The browser lets a page sound only after the customer has touched it. */
export class Blocked extends Error {}

/**
 * Reads messages out, one after the other: sentence by sentence, the next one fetched while one is heard.
 *
 * Events: "change" when what is read changes, "failed" (detail: {id, error}: ApiError or Blocked), "empty" (detail: id,
 * a message with nothing to read). parts(id, signal) answers [{part, start, end}, …]; sound(id, index, signal) the
 * bytes of a sound file; mayRead(id, part) whether that sentence is wanted.
 */
export class Speaker extends EventTarget {
  #parts;
  #sound;
  #mayRead;
  #context = null;
  #turn = null;
  #waiting = [];

  constructor({ parts, sound, mayRead = () => true }) {
    super();
    this.#parts = parts;
    this.#sound = sound;
    this.#mayRead = mayRead;
    keepQuietFor("speaker", () => this.stop());
  }

  /** Id of the message that is read; null in silence. */
  get reading() {
    return this.#turn?.id ?? null;
  }

  /** The sentence that is heard: {part, start, end}; null before the first and in silence. */
  get part() {
    return this.#turn?.part ?? null;
  }

  /** Read this message, instead of whatever is read now. */
  read(id) {
    this.stop();
    void this.#run(id);
  }

  /** Read this message after those before it. */
  add(id) {
    if (this.#turn) this.#waiting.push(id);
    else void this.#run(id);
  }

  /** Silence, at once. */
  stop() {
    this.#waiting = [];
    const turn = this.#turn;
    if (!turn) return;
    this.#turn = null;
    turn.abort.abort();
    this.#tell("change");
  }

  async #run(id) {
    const turn = { id, part: null, abort: new AbortController() };
    const { signal } = turn.abort;
    this.#turn = turn;
    claimQuiet("speaker");
    this.#tell("change");
    try {
      const context = await this.#open();
      const all = await again(() => this.#parts(id, signal), signal);
      const wanted = all.map((part, index) => ({ part, index })).filter(({ part }) => this.#mayRead(id, part));
      if (wanted.length === 0 && this.#turn === turn) this.#tell("empty", id);
      let next = wanted.length > 0 ? this.#fetch(context, id, wanted[0].index, signal) : null;
      for (const [place, { part }] of wanted.entries()) {
        const buffer = await next;
        next = place + 1 < wanted.length ? this.#fetch(context, id, wanted[place + 1].index, signal) : null;
        next?.catch(() => {}); // It is told when its turn comes.
        signal.throwIfAborted();
        turn.part = part;
        this.#tell("change");
        await play(context, buffer, signal);
      }
    } catch (error) {
      if (this.#turn !== turn) return;
      if (!(error instanceof ApiError || error instanceof Blocked)) throw error;
      this.#waiting = [];
      this.#tell("failed", { id, error });
    } finally {
      if (this.#turn === turn) {
        this.#turn = null;
        this.#tell("change");
        const following = this.#waiting.shift();
        if (following !== undefined) void this.#run(following);
      }
    }
  }

  /** Raises Blocked. */
  async #open() {
    // Chromium writes a warning when a page makes a context before it was touched.
    if (navigator.userActivation && !navigator.userActivation.hasBeenActive) throw new Blocked();
    this.#context ??= new AudioContext();
    if (this.#context.state !== "running") {
      await Promise.race([this.#context.resume(), new Promise((resolve) => setTimeout(resolve, STARTS_WITHIN_MS))]);
    }
    if (this.#context.state !== "running") throw new Blocked();
    return this.#context;
  }

  async #fetch(context, id, index, signal) {
    const bytes = await again(() => this.#sound(id, index, signal), signal);
    try {
      return await context.decodeAudioData(bytes);
    } catch {
      throw new ApiError({ code: "not_audio", message: "", retryable: true });
    }
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Resolves when the sound has ended; stops it at once when the signal says so. */
function play(context, buffer, signal) {
  return new Promise((resolve, reject) => {
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.addEventListener("ended", resolve);
    signal.addEventListener("abort", () => {
      source.disconnect();
      source.stop();
      reject(signal.reason);
    });
    source.start();
  });
}

/** A server that is busy for a moment is asked again. */
async function again(ask, signal) {
  for (let tried = 1; ; tried += 1) {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ApiError) || !error.retryable || tried === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000 * (error.retryAfterS ?? tried)));
      signal.throwIfAborted();
    }
  }
}
