import { claimQuiet, keepQuietFor } from "./quiet.js";

/**
 * The customer's own recordings, playable while their turn lasts. They live in this page's memory only.
 *
 * Event "change" (detail: id): it began or stopped playing, or is gone.
 */
export class Playback extends EventTarget {
  #sounds = new Map();
  #audio = null;
  #playing = null;

  constructor() {
    super();
    keepQuietFor("recording", () => this.stop());
  }

  /** Keep a recording under an id. seconds: null when unknown, as for a chosen file. */
  hold(id, blob, seconds = null) {
    this.#sounds.set(id, { blob, seconds });
  }

  has(id) {
    return this.#sounds.has(id);
  }

  seconds(id) {
    return this.#sounds.get(id)?.seconds ?? null;
  }

  isPlaying(id) {
    return this.#playing === id;
  }

  toggle(id) {
    if (this.isPlaying(id)) return this.stop();
    return this.#play(id);
  }

  stop() {
    const id = this.#playing;
    if (id === null) return;
    this.#playing = null;
    this.#audio.pause();
    URL.revokeObjectURL(this.#audio.src);
    this.#audio = null;
    this.#tell(id);
  }

  /** Forget a recording. False if it was not here. */
  drop(id) {
    if (this.isPlaying(id)) this.stop();
    if (!this.#sounds.delete(id)) return false;
    this.#tell(id);
    return true;
  }

  async #play(id) {
    const sound = this.#sounds.get(id);
    if (!sound) return;
    claimQuiet("recording");
    this.stop();
    const audio = new Audio(URL.createObjectURL(sound.blob));
    this.#audio = audio;
    this.#playing = id;
    const ended = () => this.#audio === audio && this.stop();
    audio.addEventListener("ended", ended);
    audio.addEventListener("error", ended);
    this.#tell(id);
    try {
      await audio.play();
    } catch {
      ended(); // Stopped before it began, or a format that this browser records and cannot play.
    }
  }

  #tell(id) {
    this.dispatchEvent(new CustomEvent("change", { detail: id }));
  }
}
