import { decibels } from "../voice/loudness.js";

const EVERY_MS = 50;
const DEAD_DB = -90;
const DEAD_AFTER_MS = 6_000;

/** Measures a stream: tells its loudness, and whether nothing at all has come in since it was opened. */
export class Level {
  #analyser;
  #source = null;
  #context;
  #timer = 0;
  #samples;
  #followedAt = 0;
  #wasHeard = false;

  /** context: a running AudioContext. onLevel(db), onDead(isDead). */
  constructor({ context, onLevel, onDead }) {
    this.#context = context;
    this.#analyser = context.createAnalyser();
    this.#analyser.fftSize = 1024;
    this.#samples = new Float32Array(this.#analyser.fftSize);
    let isDead = false;
    this.#timer = setInterval(() => {
      if (context.state !== "running" || this.#source === null) return;
      this.#analyser.getFloatTimeDomainData(this.#samples);
      const db = decibels(this.#samples);
      onLevel(db);
      // Some devices send nothing between words: only a microphone that was never heard is dead.
      if (db > DEAD_DB) this.#wasHeard = true;
      const nowDead = !this.#wasHeard && performance.now() - this.#followedAt > DEAD_AFTER_MS;
      if (nowDead !== isDead) onDead((isDead = nowDead));
    }, EVERY_MS);
  }

  /** Measure this stream; null measures nothing. */
  follow(stream) {
    this.#source?.disconnect();
    this.#source = stream && this.#context.createMediaStreamSource(stream);
    this.#source?.connect(this.#analyser);
    this.#followedAt = performance.now();
    this.#wasHeard = false;
  }

  stop() {
    clearInterval(this.#timer);
    this.#source?.disconnect();
  }
}
