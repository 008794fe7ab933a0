import { readFrame } from "./frames.js";
import { Heartbeat } from "./heartbeat.js";

const GATHER_MS = 2_000;
const CONNECT_MS = 6_000;
const UNSTEADY_MS = 2_500;

/**
 * The way by WebRTC: the microphone out, the assistant's sound in, pictures as a second track, words by data channel.
 *
 * handlers: {onLive(), onFailed() before it was live, onLost() afterwards, onFrame(frame), onSound(MediaStream)}.
 */
export class PeerLine {
  #peer;
  #channel;
  #handlers;
  #heartbeat;
  #microphone;
  #camera = null;
  #isLive = false;
  #isOver = false;
  #timer = 0;

  /** microphone: MediaStreamTrack. withCamera: keep a way open for pictures, empty until there are any. */
  constructor({ microphone, stream, withCamera, iceServers = [], handlers }) {
    this.#handlers = handlers;
    this.#peer = new RTCPeerConnection({ iceServers: [...iceServers] });
    this.#channel = this.#peer.createDataChannel("attune", { ordered: true });
    this.#microphone = this.#peer.addTransceiver(microphone, { direction: "sendrecv", streams: [stream] }).sender;
    if (withCamera) this.#camera = this.#peer.addTransceiver("video", { direction: "sendonly" }).sender;
    this.#heartbeat = new Heartbeat({ send: (frame) => this.send(frame), onSilent: () => this.#end() });
    this.#peer.addEventListener("track", ({ track }) => {
      if (track.kind === "audio") handlers.onSound(new MediaStream([track]));
    });
    this.#peer.addEventListener("connectionstatechange", () => this.#connection());
    this.#channel.addEventListener("open", () => this.#heartbeat.start());
    this.#channel.addEventListener("close", () => this.#end());
    this.#channel.addEventListener("message", ({ data }) => this.#take(data));
  }

  /** The description to send, with every way through the network that was found in time. */
  async offer() {
    await this.#peer.setLocalDescription(await this.#peer.createOffer());
    await gathered(this.#peer);
    return this.#peer.localDescription.sdp;
  }

  /** The other side's answer. Raises when it is no description. */
  async accept(answer) {
    await this.#peer.setRemoteDescription({ type: "answer", sdp: answer });
    if (!this.#isLive) this.#timer = setTimeout(() => this.#isLive || this.#end(), CONNECT_MS);
  }

  send(frame) {
    if (this.#channel.readyState !== "open") return false;
    this.#channel.send(JSON.stringify(frame));
    return true;
  }

  /** Another microphone, or null for none. */
  setMicrophone(track) {
    return this.#microphone.replaceTrack(track).catch(() => {});
  }

  /** Pictures from this track from now on; null: none, from the next picture on. */
  setCamera(track) {
    return this.#camera?.replaceTrack(track).catch(() => {});
  }

  /** Ask whether the other side is still there. */
  probe() {
    this.#heartbeat.beat();
  }

  close() {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#heartbeat.stop();
    this.#peer.close();
  }

  #take(data) {
    if (this.#isOver || typeof data !== "string") return;
    this.#heartbeat.heard();
    if (!this.#isLive) {
      this.#isLive = true;
      clearTimeout(this.#timer);
      this.#handlers.onLive();
    }
    const frame = readFrame(data);
    if (frame && frame.type !== "pong") this.#handlers.onFrame(frame);
  }

  #connection() {
    const state = this.#peer.connectionState;
    if (state === "failed") return this.#end();
    clearTimeout(this.#isLive ? this.#timer : 0);
    // A moment without packets often mends itself; more than a moment is a pause in somebody's sentence.
    if (state === "disconnected" && this.#isLive) this.#timer = setTimeout(() => this.#end(), UNSTEADY_MS);
    return undefined;
  }

  #end() {
    if (this.#isOver) return;
    this.close();
    if (this.#isLive) this.#handlers.onLost();
    else this.#handlers.onFailed();
  }
}

function gathered(peer) {
  return new Promise((resolve) => {
    const done = () => peer.iceGatheringState === "complete" && resolve();
    peer.addEventListener("icegatheringstatechange", done);
    setTimeout(resolve, GATHER_MS);
    done();
  });
}
