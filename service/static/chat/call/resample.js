const CROSSINGS = 12;
const FINENESS = 256;
// Of the lower rate's half: what is above would come back as a mirror image.
const PASS = 0.94;

/**
 * Changes the rate of a stream of samples, block after block, by a windowed sinc.
 *
 * Source: J. O. Smith, "Digital Audio Resampling", CCRMA: y(t) = Σ x(n) h(t − n), h a low-pass at the lower rate's half.
 */
export class Resampler {
  #step;
  #half;
  #table;
  #held = new Float32Array(0);
  #at;

  constructor(fromHz, toHz) {
    this.#step = fromHz / toHz;
    const scale = Math.min(1, toHz / fromHz) * PASS;
    this.#half = Math.ceil(CROSSINGS / scale);
    this.#table = kernel(scale, this.#half);
    this.#held = new Float32Array(this.#half);
    this.#at = this.#half;
  }

  /** samples: Float32Array of any length. Answers the new samples that are settled by now. */
  take(samples) {
    const input = new Float32Array(this.#held.length + samples.length);
    input.set(this.#held);
    input.set(samples, this.#held.length);
    const out = [];
    while (this.#at + this.#half < input.length) {
      out.push(this.#one(input, this.#at));
      this.#at += this.#step;
    }
    const first = Math.max(0, Math.floor(this.#at) - this.#half);
    this.#held = input.slice(first);
    this.#at -= first;
    return Float32Array.from(out);
  }

  #one(input, at) {
    const last = Math.floor(at) + this.#half;
    let sum = 0;
    for (let n = Math.max(0, Math.floor(at) - this.#half + 1); n <= last && n < input.length; n += 1) {
      sum += input[n] * (this.#table[Math.round(Math.abs(at - n) * FINENESS)] ?? 0);
    }
    return sum;
  }
}

/** Half of the symmetric kernel: scale · sinc(scale · x) under a Hann window, at steps of 1 / FINENESS samples. */
function kernel(scale, half) {
  const table = new Float32Array(half * FINENESS + 1);
  for (let i = 0; i < table.length; i += 1) {
    const x = i / FINENESS;
    const phase = Math.PI * scale * x;
    table[i] = scale * (i === 0 ? 1 : Math.sin(phase) / phase) * (0.5 + 0.5 * Math.cos((Math.PI * x) / half));
  }
  return table;
}
