import { ApiError } from "../api.js";
import { MicrophoneError } from "../voice/microphone.js";
import { claimQuiet, keepQuietFor } from "../voice/quiet.js";
import { Awake } from "./awake.js";
import { Camera } from "./camera.js";
import { canShow, transports } from "./devices.js";
import { START, step } from "./machine.js";
import { CallMicrophone } from "./microphone.js";
import { PeerLine } from "./peer_line.js";
import { SoundLine } from "./sound_line.js";

const ANY = ["webrtc", "websocket"];
// Ends that nobody wanted: a new call goes on where this one broke off.
const MISHAPS = ["voice_down", "line_dropped"];

/**
 * One call after another: carries out what the machine says, with a real microphone, camera and line.
 *
 * Events: "state" (of the machine, see `state`); "voice" (detail: listening, hearing, thinking, speaking, holding);
 * "caption", "broken_off", "resumed", "not_heard", "trouble" (detail: the frame); "level" (detail: dB); "dead"
 * (detail: nothing comes in); "microphone" (it went or came back, see `microphone`); "muted"; "camera"; "camera-failed"
 * (detail: code); "blocked" (detail: the browser keeps the sound); "ended" (detail: {because, seconds}).
 */
export class Call extends EventTarget {
  #api;
  #session;
  #sound;
  #settings = { transports: ANY, ice_servers: [] };
  #machine = START;
  #call = null;
  #line = null;
  #context = null;
  #microphone = new CallMicrophone();
  #attempt = 0;
  #timer = 0;
  #liveAt = null;
  #awake = new Awake();
  #refusal = "";

  camera;

  /** api: CallApi. session() answers the conversation. sound: <audio> that the assistant is heard by. */
  constructor({ api, session, sound }) {
    super();
    this.#api = api;
    this.#session = session;
    this.#sound = sound;
    this.camera = new Camera({ onTrack: (track) => this.#line?.setCamera(track) });
    this.camera.addEventListener("change", () => this.#tell("camera"));
    this.camera.addEventListener("failed", ({ detail }) => this.#tell("camera-failed", detail));
    this.#followMicrophone();
    keepQuietFor("call", () => {}); // A call is ended by the customer, not by another sound.
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#line?.probe());
    window.addEventListener("online", () => this.#take("network"));
    navigator.connection?.addEventListener?.("change", () => this.#line && this.#line.probe());
    window.addEventListener("pagehide", () => this.hangUp());
  }

  /** The machine's state: {name, via, tries, code}. */
  get state() {
    return this.#machine;
  }

  get isMuted() {
    return this.#microphone.isMuted;
  }

  /** "here", "gone" (unplugged), or null without a call. */
  get microphone() {
    return this.#microphone.state;
  }

  /** There is, or is about to be, a call. */
  get isActive() {
    return !["idle", "failed"].includes(this.#machine.name);
  }

  /** The server's own words for a refusal; "" for none. */
  get refusal() {
    return this.#refusal;
  }

  /** Seconds since the other side was first heard of; 0 before. */
  get seconds() {
    return this.#liveAt === null ? 0 : (performance.now() - this.#liveAt) / 1000;
  }

  /** Within the customer's own gesture: some browsers keep a sound that begins later silent. */
  begin() {
    if (this.isActive) return;
    this.#refusal = "";
    claimQuiet("call");
    this.#context = new AudioContext();
    this.#take("press");
  }

  /** because: hung_up, or hidden: the page goes out of sight. */
  hangUp(because = "hung_up") {
    this.#finish("hang-up", because);
  }

  dismiss() {
    this.#take("dismiss");
  }

  /** Be quiet: the assistant drops what it was saying. */
  stopTalking() {
    this.#line?.send({ type: "stop" });
  }

  mute(on) {
    this.#microphone.mute(on);
  }

  /** Let the assistant be heard, after the browser has kept it silent. */
  unblock() {
    this.#play();
  }

  /** Open the microphone again after it went. */
  async reopenMicrophone() {
    await this.#microphone.reopen();
  }

  /** A frame of the chat socket: the server begins and ends calls, whichever page they are in. */
  heardOf({ state, call, because = "" }) {
    if (state === "ended" && call === this.#call) this.#ended(because);
  }

  #take(event, options = {}) {
    const before = this.#machine;
    const { state, effects } = step(before, event, { transports: transports(this.#settings.transports), ...options });
    this.#machine = state;
    for (const effect of effects) this.#carryOut(effect);
    if (state !== before) this.#tell("state");
  }

  #carryOut(effect) {
    if (effect === "ask") void this.#ask();
    else if (effect === "call") void this.#open();
    else if (effect === "reoffer") void this.#reoffer();
    else if (effect === "drop") this.#drop();
    else if (effect === "bye") this.#sayGoodbye();
    else if (effect === "release") this.#letGo();
    else this.#timer = setTimeout(() => this.#take("due"), effect.wait);
  }

  /** The signals that are scored in calls, as the server has it now; null where it does not say. */
  async covered() {
    const settings = await this.#api.settings(this.#session()).catch(() => null);
    return settings?.covered ?? null;
  }

  async #ask() {
    const attempt = (this.#attempt += 1);
    const settings = this.#api.settings(this.#session()).catch(() => this.#settings);
    const isOurs = () => attempt === this.#attempt;
    try {
      await this.#microphone.open(this.#context, isOurs);
      const now = isOurs() ? await settings : null;
      if (!isOurs()) return;
      this.#settings = { ...this.#settings, ...now };
      if (this.#settings.available === false) this.#take("refused", { code: this.#settings.because });
      else this.#take("granted");
    } catch (error) {
      if (!(error instanceof MicrophoneError)) throw error;
      if (isOurs()) this.#take("refused", { code: `mic_${error.code}` });
    }
  }

  #followMicrophone() {
    const microphone = this.#microphone;
    for (const type of ["level", "dead"]) microphone.addEventListener(type, ({ detail }) => this.#tell(type, detail));
    microphone.addEventListener("change", () => this.#tell("microphone"));
    microphone.addEventListener("gone", () => this.#line?.send({ type: "muted", on: true }));
    microphone.addEventListener("replaced", () => this.#line?.setMicrophone(microphone.track));
    microphone.addEventListener("muted", () => {
      this.#line?.send({ type: "muted", on: this.isMuted });
      this.#tell("muted");
    });
  }

  /** A new call by the way that the machine has chosen. */
  async #open() {
    await this.#attempted((isOurs) =>
      this.#dial(isOurs, async (wish) => {
        const begun = await this.#api.begin(this.#session(), wish);
        if (isOurs()) this.#call = begun.call;
        else this.#api.end(this.#session(), begun.call).catch(() => {});
        return begun;
      }),
    );
  }

  /** The same call on a new line: another way through the network, or the way that broke. */
  async #reoffer() {
    this.#drop();
    const again = ({ offer }) => (offer ? this.#api.offer(this.#session(), this.#call, offer) : {});
    await this.#attempted((isOurs) => this.#dial(isOurs, again), true);
  }

  /** A line by the machine's way. ask(wish): what the server answers to an offer, or to a wish for a socket. */
  async #dial(isOurs, ask) {
    if (this.#machine.via === "websocket") {
      await ask({ transport: "websocket" });
      if (isOurs()) this.#soundLine();
      return;
    }
    const line = this.#peerLine();
    const offer = await line.offer();
    if (!isOurs()) return line.close();
    const { answer } = await ask({ transport: "webrtc", offer, camera: canShow() });
    if (isOurs()) await line.accept(answer);
  }

  async #attempted(work, isReoffer = false) {
    const attempt = (this.#attempt += 1);
    const isOurs = () => attempt === this.#attempt;
    try {
      await work(isOurs);
    } catch (error) {
      if (!isOurs()) return;
      const isMending = this.#machine.name === "mending";
      // A service that restarts under the call is back in seconds; a call that it has forgotten is begun anew.
      if (isMending && error instanceof ApiError && error.retryable) this.#take("unavailable");
      else if (isMending && error instanceof ApiError && isReoffer && error.isGone) this.#take("gone");
      else if (error instanceof ApiError) this.#refuse(error.message, error.code);
      else this.#take("failed"); // The browser found the description or the address unusable.
    }
  }

  #refuse(words, code) {
    this.#refusal = words ?? "";
    this.#take("refused", { code });
  }

  #soundLine() {
    this.#line = new SoundLine({
      context: this.#context,
      stream: this.#microphone.stream,
      address: this.#api.soundAddress(this.#session(), this.#call),
      token: this.#session().token ?? "",
      handlers: this.#handlers(),
    });
  }

  #peerLine() {
    this.#line = new PeerLine({
      microphone: this.#microphone.track,
      stream: this.#microphone.stream,
      withCamera: canShow(),
      iceServers: this.#settings.ice_servers,
      handlers: this.#handlers(),
    });
    return this.#line;
  }

  #handlers() {
    return {
      onLive: () => this.#live(),
      onFailed: () => this.#take("failed"),
      onLost: () => this.#take("lost"),
      onFrame: (frame) => this.#hear(frame),
      onSound: (stream) => {
        this.#sound.srcObject = stream;
        this.#play();
      },
    };
  }

  #live() {
    this.#liveAt ??= performance.now();
    this.#awake.keep();
    if (this.isMuted) this.#line.send({ type: "muted", on: true });
    if (this.camera.isOn && this.#machine.via === "websocket") this.camera.stop("line");
    if (this.camera.isOn) this.#line.setCamera(this.camera.track);
    this.#take("live");
  }

  async #play() {
    try {
      await this.#sound.play();
      this.#tell("blocked", false);
    } catch (error) {
      if (error?.name === "NotAllowedError") this.#tell("blocked", true);
    }
  }

  #hear(frame) {
    if (frame.type === "bye") this.#ended(frame.because ?? "");
    else if (frame.type === "state") this.#tell("voice", frame.state);
    else this.#tell(frame.type, frame);
  }

  #ended(because) {
    if (MISHAPS.includes(because)) this.#take("gone");
    else this.#finish("ended", because);
  }

  #finish(event, because) {
    if (!this.isActive) return;
    const { seconds } = this;
    this.#take(event);
    this.#tell("ended", { because, seconds });
  }

  #sayGoodbye() {
    this.#line?.send({ type: "bye" });
    if (this.#call) this.#api.end(this.#session(), this.#call).catch(() => {});
  }

  #drop() {
    this.#attempt += 1;
    clearTimeout(this.#timer);
    this.#line?.close();
    this.#line = null;
  }

  #letGo() {
    this.camera.stop();
    this.#microphone.close();
    this.#sound.pause();
    this.#sound.srcObject = null;
    this.#context?.close().catch(() => {});
    this.#context = null;
    this.#call = null;
    this.#liveAt = null;
    this.#awake.release();
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
