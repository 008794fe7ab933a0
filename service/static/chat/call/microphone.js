import { MicrophoneError, takeTurn } from "../voice/microphone.js";
import { CALL_SOUND, closeDevice, openDevice } from "./devices.js";
import { Level } from "./level.js";

/**
 * The microphone of a call: one tab has it at a time; it is muted or not, and may go and come back.
 *
 * Events: "level" (detail: dB); "dead" (detail: nothing comes in); "change" (it went or came back, see `state`);
 * "muted"; "gone" and "replaced" (what a line has to know).
 */
export class CallMicrophone extends EventTarget {
  #context = null;
  #stream = null;
  #level = null;
  #release = null;

  isMuted = false;
  /** "here", "gone" (unplugged), or null without a call. */
  state = null;

  get stream() {
    return this.#stream;
  }

  get track() {
    return this.#stream.getAudioTracks()[0];
  }

  /**
   * context: an AudioContext. isWanted(): whether the call that it is opened for is still on. Raises MicrophoneError:
   * "elsewhere" where another tab has it.
   */
  async open(context, isWanted) {
    const stream = await openDevice(CALL_SOUND);
    if (!isWanted()) return closeDevice(stream);
    this.#context = context;
    this.#adopt(stream);
    const release = await takeTurn();
    if (!isWanted()) return release?.();
    if (!release) throw new MicrophoneError("elsewhere");
    this.#release = release;
  }

  /** Open it again after it went. */
  async reopen() {
    const context = this.#context;
    try {
      const stream = await openDevice(CALL_SOUND);
      if (context === null || context !== this.#context) return closeDevice(stream); // The call is over by now.
      this.#adopt(stream);
      this.#tell("replaced");
      this.mute(this.isMuted);
    } catch (error) {
      if (!(error instanceof MicrophoneError)) throw error;
      this.#tell("change");
    }
  }

  mute(on) {
    this.isMuted = on;
    for (const track of this.#stream?.getAudioTracks() ?? []) track.enabled = !on;
    this.#tell("muted");
  }

  close() {
    this.#level?.stop();
    this.#level = null;
    closeDevice(this.#stream);
    this.#stream = this.#context = null;
    this.#release?.();
    this.#release = null;
    this.isMuted = false;
    this.state = null;
  }

  #adopt(stream) {
    closeDevice(this.#stream);
    this.#stream = stream;
    this.state = "here";
    stream.getAudioTracks()[0].addEventListener("ended", () => this.#stream === stream && this.#unplugged());
    this.#level ??= new Level({
      context: this.#context,
      onLevel: (db) => this.#tell("level", this.isMuted ? -Infinity : db),
      onDead: (isDead) => this.#tell("dead", isDead && !this.isMuted),
    });
    this.#level.follow(stream);
    void this.#context.resume();
    this.#tell("change");
  }

  #unplugged() {
    this.state = "gone";
    this.#level?.follow(null);
    this.#tell("gone");
    this.#tell("change");
    // Another one may be there already, such as the device's own after a headset went.
    void this.reopen();
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
