import { Jitter } from "./jitter.js";
import { Resampler } from "./resample.js";

const LINE_HZ = 16_000;
const FRAME = 640; // 40 ms
const AHEAD_S = 0.08;
const MOST_S = 1;

/**
 * Both ends of the sound in the audio thread: the microphone as frames of 16-bit samples at 16 kHz to the page, such
 * frames from the page to the loudspeaker. A message of null forgets what was not played yet.
 */
class AttuneLine extends AudioWorkletProcessor {
  #out = new Resampler(sampleRate, LINE_HZ);
  #in = new Resampler(LINE_HZ, sampleRate);
  #frame = new Int16Array(FRAME);
  #filled = 0;
  #jitter = new Jitter({ ahead: AHEAD_S * sampleRate, most: MOST_S * sampleRate });

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      if (data === null) this.#jitter.clear();
      else this.#jitter.put(this.#in.take(Float32Array.from(new Int16Array(data, 0, data.byteLength >> 1), (level) => level / 32_768)));
    };
  }

  process([input], [output]) {
    // Without a microphone silence goes out: the other side's clock runs on what it hears.
    this.#send(input[0] ?? new Float32Array(output[0].length));
    this.#jitter.fill(output[0]);
    return true;
  }

  #send(samples) {
    for (const sample of this.#out.take(samples)) {
      this.#frame[this.#filled] = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
      this.#filled += 1;
      if (this.#filled < FRAME) continue;
      this.port.postMessage(this.#frame.buffer, [this.#frame.buffer]);
      this.#frame = new Int16Array(FRAME);
      this.#filled = 0;
    }
  }
}

registerProcessor("attune-line", AttuneLine);
