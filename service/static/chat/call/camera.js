import { MicrophoneError } from "../voice/microphone.js";
import { CALL_PICTURE, closeDevice, openDevice } from "./devices.js";

/**
 * The camera of a call. It runs only while the customer wants it, may be seen by a program, and sees this page.
 *
 * Events: "change"; "failed" (detail: code of MicrophoneError, or "unplugged", "hidden", "line").
 */
export class Camera extends EventTarget {
  #stream = null;
  #wish = 0;
  #onTrack;

  /** onTrack(track or null): what goes out from now on. */
  constructor({ onTrack }) {
    super();
    this.#onTrack = onTrack;
    document.addEventListener("visibilitychange", () => {
      // Nobody is looked at by a page that they do not see.
      if (document.visibilityState === "hidden" && this.isOn) this.#stop("hidden");
    });
  }

  /** The picture as it goes out; null while the camera is off. */
  get stream() {
    return this.#stream;
  }

  get track() {
    return this.#stream?.getVideoTracks()[0] ?? null;
  }

  get isOn() {
    return this.#stream !== null;
  }

  async start() {
    const wish = (this.#wish += 1);
    let stream;
    try {
      stream = await openDevice(CALL_PICTURE);
    } catch (error) {
      if (wish === this.#wish) this.#tell("failed", error instanceof MicrophoneError ? error.code : "busy");
      return;
    }
    // Switched off again while the browser asked.
    if (wish !== this.#wish) return closeDevice(stream);
    this.#stream = stream;
    this.track.addEventListener("ended", () => this.#stream === stream && this.#stop("unplugged"));
    this.#onTrack(this.track);
    this.#tell("change");
  }

  /** No further picture leaves, from the next one on; the browser's sign goes out. code: why, if "failed" is to tell. */
  stop(code = null) {
    this.#stop(code);
  }

  #stop(code) {
    this.#wish += 1;
    if (!this.#stream) return;
    const stream = this.#stream;
    this.#stream = null;
    closeDevice(stream);
    this.#onTrack(null);
    this.#tell("change");
    if (code) this.#tell("failed", code);
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
