/**
 * Whether somebody speaks, told from loudness alone: pure, without microphone or clock.
 *
 * The floor is what the room sounds like: the quiet tenth of the last seconds. Speech is what stands clearly above
 * it. All is judged again with each better idea of the floor, so steady noise from the first moment is never speech.
 */
const FLOOR_OVER_MS = 8_000;
const FLOOR_SURE_AFTER_MS = 1_500;
const QUIET_SHARE = 0.1;
const ABOVE_FLOOR_DB = 10;
const QUIETEST_SPEECH_DB = -58;
const LOWEST_FLOOR_DB = -80;
const FIRST_FLOOR_DB = -55;
const SPEECH_AT_LEAST_MS = 250;
const NOTHING_DB = -90;

export class Loudness {
  #frames = [];
  #heardMs = 0;
  #isSure = false;
  #loudest = -Infinity;

  /** One frame: level in dB of full scale (-Infinity is digital silence), time in ms since the start. */
  take(db, at) {
    const level = Number.isFinite(db) ? Math.max(db, -100) : -100;
    this.#loudest = Math.max(this.#loudest, level);
    this.#frames.push({ db: level, at, ms: Math.min(200, at - (this.#frames.at(-1)?.at ?? at)) });
    while (this.#frames[0].at < at - 2 * FLOOR_OVER_MS) this.#frames.shift();
    if (this.#isSure) return;
    const threshold = this.threshold;
    this.#heardMs = this.#frames.reduce((sum, frame) => sum + (frame.db > threshold ? frame.ms : 0), 0);
    // Once there were words and the room is known, louder noise later does not unsay them.
    this.#isSure = at >= FLOOR_SURE_AFTER_MS && this.spoken;
  }

  /** Anything was measured at all. */
  get isMeasured() {
    return this.#frames.length > 0;
  }

  /** dB above which something is speech. */
  get threshold() {
    return Math.max(QUIETEST_SPEECH_DB, this.floor + ABOVE_FLOOR_DB);
  }

  /** dB of the room itself. */
  get floor() {
    const last = this.#frames.at(-1)?.at ?? 0;
    const recent = this.#frames.filter((frame) => frame.at > last - FLOOR_OVER_MS).map((frame) => frame.db);
    if (last < FLOOR_SURE_AFTER_MS) recent.push(...Array(8).fill(FIRST_FLOOR_DB));
    recent.sort((a, b) => a - b);
    return Math.max(LOWEST_FLOOR_DB, recent[Math.floor(recent.length * QUIET_SHARE)] ?? FIRST_FLOOR_DB);
  }

  /** Somebody has spoken. */
  get spoken() {
    return this.#heardMs >= SPEECH_AT_LEAST_MS;
  }

  /** Nothing at all has come in: a muted or dead microphone. */
  get isDead() {
    return this.#loudest < NOTHING_DB;
  }

  /** ms since the last speech; 0 while somebody speaks or before anybody has. */
  get silentMs() {
    if (!this.spoken) return 0;
    // A little lower than to begin with: the ends of words are soft.
    const threshold = this.threshold - 3;
    const lastSpeech = this.#frames.findLast((frame) => frame.db > threshold);
    return (this.#frames.at(-1)?.at ?? 0) - (lastSpeech?.at ?? this.#frames[0]?.at ?? 0);
  }
}

/** dB of full scale of one block of samples in [-1, 1]. */
export function decibels(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return 10 * Math.log10(sum / samples.length);
}

/** A level for the meter, 0 to 1: from a whisper at -60 dB to shouting at -8 dB. */
export function meterLevel(db) {
  return Math.min(1, Math.max(0, (db + 60) / 52)) || 0;
}
