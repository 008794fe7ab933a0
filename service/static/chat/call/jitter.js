/**
 * Sound that arrives unevenly, played evenly: nothing until a little is there, silence when it runs dry. Pure, in
 * samples of one rate.
 */
export class Jitter {
  #blocks = [];
  #offset = 0;
  #held = 0;
  #isPlaying = false;
  #ahead;
  #most;

  /** ahead: samples to have before playing. most: what is kept at most; older sound is left out. */
  constructor({ ahead, most }) {
    this.#ahead = ahead;
    this.#most = most;
  }

  get held() {
    return this.#held;
  }

  put(block) {
    this.#blocks.push(block);
    this.#held += block.length;
    while (this.#held > this.#most && this.#blocks.length > 1) {
      this.#held -= this.#blocks.shift().length - this.#offset;
      this.#offset = 0;
    }
  }

  /** Forget what was not played yet. */
  clear() {
    this.#blocks = [];
    this.#offset = 0;
    this.#held = 0;
    this.#isPlaying = false;
  }

  /** Fill `out`; what is missing stays silent. */
  fill(out) {
    if (!this.#isPlaying && this.#held < this.#ahead) return;
    this.#isPlaying = true;
    let done = 0;
    while (done < out.length && this.#blocks.length > 0) {
      const [block] = this.#blocks;
      const count = Math.min(out.length - done, block.length - this.#offset);
      out.set(block.subarray(this.#offset, this.#offset + count), done);
      done += count;
      this.#offset += count;
      this.#held -= count;
      if (this.#offset === block.length) {
        this.#blocks.shift();
        this.#offset = 0;
      }
    }
    if (done < out.length) this.#isPlaying = false;
  }
}
