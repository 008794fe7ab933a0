import { readFrame } from "./frames.js";
import { Heartbeat } from "./heartbeat.js";

const CONNECT_MS = 6_000;

/**
 * The way by WebSocket, for networks that let no WebRTC through: sound as binary frames of 16-bit samples at 16 kHz, both
 * ways, words as text frames. No pictures.
 *
 * handlers: as those of PeerLine.
 */
export class SoundLine {
  #socket;
  #handlers;
  #heartbeat;
  #context;
  #source = null;
  #node = null;
  #isLive = false;
  #isOver = false;
  #timer = 0;

  /** context: a running AudioContext. token: of the conversation, "" when a cookie opens it. */
  constructor({ context, stream, address, token, handlers }) {
    this.#handlers = handlers;
    this.#context = context;
    this.#heartbeat = new Heartbeat({ send: (frame) => this.send(frame), onSilent: () => this.#end() });
    this.#timer = setTimeout(() => this.#isLive || this.#end(), CONNECT_MS);
    this.#socket = new WebSocket(address);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.addEventListener("open", () => {
      this.#socket.send(JSON.stringify({ type: "auth", token }));
      this.#heartbeat.start();
    });
    this.#socket.addEventListener("message", ({ data }) => this.#take(data));
    this.#socket.addEventListener("close", () => this.#end());
    void this.#wire(stream);
  }

  send(frame) {
    if (this.#socket.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  async setMicrophone(track) {
    this.#source?.disconnect();
    this.#source = null;
    if (track && this.#node) this.#connect(new MediaStream([track]));
  }

  /** This way carries no pictures. */
  setCamera() {}

  probe() {
    this.#heartbeat.beat();
  }

  close() {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#heartbeat.stop();
    this.#source?.disconnect();
    this.#node?.disconnect();
    this.#socket.close();
  }

  async #wire(stream) {
    try {
      await this.#context.audioWorklet.addModule(new URL("worklet.js", import.meta.url).href);
    } catch {
      return this.#end(); // A browser without worklets has no other way to its microphone's samples.
    }
    if (this.#isOver) return undefined;
    this.#node = new AudioWorkletNode(this.#context, "attune-line", { outputChannelCount: [1] });
    this.#node.port.onmessage = ({ data }) => this.#socket.readyState === WebSocket.OPEN && this.#isLive && this.#socket.send(data);
    this.#connect(stream);
    const out = this.#context.createMediaStreamDestination();
    this.#node.connect(out);
    return this.#handlers.onSound(out.stream);
  }

  #connect(stream) {
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(this.#node);
  }

  #take(data) {
    if (this.#isOver) return;
    this.#heartbeat.heard();
    if (!this.#isLive) {
      this.#isLive = true;
      clearTimeout(this.#timer);
      this.#handlers.onLive();
    }
    if (data instanceof ArrayBuffer) {
      this.#node?.port.postMessage(data, [data]);
      return;
    }
    const frame = readFrame(data);
    if (!frame || frame.type === "pong") return;
    // What is still buffered here belongs to the sentence that was broken off.
    if (frame.type === "broken_off") this.#node?.port.postMessage(null);
    this.#handlers.onFrame(frame);
  }

  #end() {
    if (this.#isOver) return;
    this.close();
    if (this.#isLive) this.#handlers.onLost();
    else this.#handlers.onFailed();
  }
}
