import { recordingType } from "./formats.js";
import { Loudness, decibels } from "./loudness.js";
import { MicrophoneError, closeMicrophone, openMicrophone, takeTurn } from "./microphone.js";

const FRAME_MS = 50;
const CHUNK_MS = 500;
const PAUSE_MS = 1_200;
const NOTHING_SAID_MS = 10_000;
// Speech at 32 kbit/s Opus: small on a phone's line, and more than recognition or prosody need.
const BITS_PER_S = 32_000;
// The timer and the container round differently; a recording must not be refused for its last blink.
const MARGIN_S = 1;
const MARGIN_BYTES = 64 * 1024;

/**
 * One recording after another, from the microphone to a Blob in memory. Nothing is ever written anywhere.
 *
 * Events: "state"; "level" (detail: {db, seconds, leftS, spoken, silentMs}); "done" (detail: {blob, seconds, spoken,
 * isDead, reason}); "failed" (detail: code of MicrophoneError, or "short": there is nothing in it).
 * reason: what stop() was given, or "pause", "silence", "limit", "hidden" (page), "unplugged".
 */
export class Recorder extends EventTarget {
  #session = null;
  untilPause = false;

  constructor() {
    super();
    document.addEventListener("visibilitychange", () => {
      // Nobody is recorded by a page that they do not see.
      if (document.visibilityState === "hidden") this.stop("hidden");
    });
  }

  /** idle, asking (the browser asks the customer), recording. */
  get state() {
    return this.#session?.state ?? "idle";
  }

  /** limits: {max_seconds, max_bytes} of the server. */
  async start(limits) {
    if (this.#session) return;
    const session = { state: "asking", limits, chunks: [], bytes: 0, loudness: new Loudness() };
    this.#session = session;
    this.#tell("state");
    try {
      // Made within the customer's gesture: some browsers keep a later one silent.
      session.sound = new AudioContext();
      session.stream = await openMicrophone();
      session.release = await takeTurn();
      if (session.reason === "cancel") return this.#end(session);
      if (!session.release) throw new MicrophoneError("elsewhere");
      this.#record(session);
    } catch (error) {
      this.#end(session);
      if (session.reason !== "cancel") this.#tell("failed", error instanceof MicrophoneError ? error.code : "busy");
    }
  }

  /** End the recording; "done" follows. */
  stop(reason) {
    const session = this.#session;
    if (!session || session.reason) return;
    if (session.state === "asking") {
      // While the browser asks there is nothing to keep.
      if (reason !== "cancel" && reason !== "hidden") return;
      session.reason = "cancel";
      this.#session = null;
      this.#tell("state");
      return;
    }
    session.reason = reason;
    session.seconds = this.#seconds(session);
    if (session.recorder.state !== "inactive") session.recorder.stop();
    closeMicrophone(session.stream);
    if (reason === "cancel") this.#end(session);
  }

  /** End it and forget what was recorded. */
  cancel() {
    this.stop("cancel");
  }

  #record(session) {
    const type = recordingType((one) => MediaRecorder.isTypeSupported(one));
    session.recorder = new MediaRecorder(session.stream, { ...(type && { mimeType: type }), audioBitsPerSecond: BITS_PER_S });
    session.recorder.addEventListener("dataavailable", ({ data }) => {
      if (data.size > 0) session.chunks.push(data);
      session.bytes += data.size;
      if (session.bytes > session.limits.max_bytes - MARGIN_BYTES) this.stop("limit");
    });
    session.recorder.addEventListener("stop", () => this.#finish(session));
    session.recorder.addEventListener("error", () => this.stop("unplugged"));
    session.stream.getAudioTracks()[0].addEventListener("ended", () => this.stop("unplugged"));
    session.analyser = session.sound.createAnalyser();
    session.analyser.fftSize = 2048;
    session.sound.createMediaStreamSource(session.stream).connect(session.analyser);
    void session.sound.resume();
    session.startedAt = performance.now();
    session.recorder.start(CHUNK_MS);
    session.state = "recording";
    session.timer = setInterval(() => this.#measure(session), FRAME_MS);
    this.#tell("state");
  }

  #measure(session) {
    const seconds = this.#seconds(session);
    const isMeasured = session.sound.state === "running";
    const samples = new Float32Array(session.analyser.fftSize);
    session.analyser.getFloatTimeDomainData(samples);
    const db = isMeasured ? decibels(samples) : -Infinity;
    if (isMeasured) session.loudness.take(db, seconds * 1000);
    const { spoken, silentMs } = session.loudness;
    const leftS = session.limits.max_seconds - MARGIN_S - seconds;
    this.#tell("level", { db, seconds, leftS, spoken, silentMs });
    if (leftS <= 0) this.stop("limit");
    else if (!this.untilPause || !isMeasured) return;
    else if (silentMs >= PAUSE_MS) this.stop("pause");
    else if (!spoken && seconds * 1000 >= NOTHING_SAID_MS) this.stop("silence");
  }

  #finish(session) {
    // The browser ends it by itself when the microphone goes.
    const { chunks, recorder, reason = "unplugged", seconds = this.#seconds(session), loudness } = session;
    if (reason === "cancel") return;
    this.#end(session);
    const blob = new Blob(chunks, { type: recorder.mimeType || chunks[0]?.type || "" });
    if (blob.size === 0) return this.#tell("failed", "short");
    // A browser that does not let the sound be measured leaves open whether somebody spoke.
    const spoken = loudness.isMeasured ? loudness.spoken : null;
    this.#tell("done", { blob, seconds, reason, spoken, isDead: loudness.isMeasured && loudness.isDead });
  }

  #end(session) {
    clearInterval(session.timer);
    closeMicrophone(session.stream);
    session.sound?.close().catch(() => {});
    session.release?.();
    if (this.#session !== session) return;
    this.#session = null;
    this.#tell("state");
  }

  #seconds(session) {
    return (performance.now() - session.startedAt) / 1000;
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
