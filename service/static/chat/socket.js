import { START, step } from "./connection.js";

const PING_EVERY_MS = 20_000;
const ANSWER_WITHIN_MS = 10_000;

/** Drives the connection machine with a real WebSocket, timers and the browser's network events. */
export class Line {
  #url;
  #greeting;
  #onFrame;
  #onState;
  #probe;
  #state = START;
  #socket = null;
  #waitTimer = 0;
  #pingTimer = 0;
  #silenceTimer = 0;

  /**
   * url: () => address. greeting: () => first frame (token and the last known number).
   * probe: asked when a line failed before its greeting. onFrame, onState: told what happens.
   */
  constructor({ url, greeting, probe, onFrame, onState }) {
    this.#url = url;
    this.#greeting = greeting;
    this.#probe = probe;
    this.#onFrame = onFrame;
    this.#onState = onState;
    window.addEventListener("offline", () => this.#take("network-off"));
    window.addEventListener("online", () => this.#take("network-on"));
    document.addEventListener("visibilitychange", () => {
      // A phone that slept may hold a dead line: ask at once instead of at the next beat.
      if (document.visibilityState === "visible") this.#wake();
    });
  }

  get online() {
    return this.#state.name === "online";
  }

  start() {
    this.#take("start");
    if (navigator.onLine === false) this.#take("network-off");
  }

  restart() {
    this.#take("restart");
  }

  end() {
    this.#take("end");
  }

  /** Sends a frame if the line is up; false means: keep it, the greeting will send it again. */
  send(frame) {
    if (!this.online || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #take(event) {
    const before = this.#state;
    const { state, effects } = step(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
    if (state.name !== before.name) this.#onState(state);
  }

  #carryOut(effect) {
    if (effect === "open") this.#open();
    else if (effect === "greet") this.#socket?.send(JSON.stringify(this.#greeting()));
    else if (effect === "close") this.#close();
    else if (effect === "probe") this.#probe();
    else {
      clearTimeout(this.#waitTimer);
      this.#waitTimer = setTimeout(() => this.#take("due"), effect.wait);
    }
  }

  #open() {
    clearTimeout(this.#waitTimer);
    const socket = new WebSocket(this.#url());
    this.#socket = socket;
    this.#expectAnswer();
    socket.addEventListener("open", () => this.#ifCurrent(socket, () => this.#take("opened")));
    socket.addEventListener("message", (event) => this.#ifCurrent(socket, () => this.#receive(event.data)));
    socket.addEventListener("close", () =>
      this.#ifCurrent(socket, () => {
        this.#forget();
        this.#take("closed");
      }),
    );
  }

  #receive(data) {
    clearTimeout(this.#silenceTimer);
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return; // Not a frame of ours; the next one will be.
    }
    if (frame?.type === "hello") {
      this.#take("hello");
      clearInterval(this.#pingTimer);
      this.#pingTimer = setInterval(() => this.#ping(), PING_EVERY_MS);
    }
    if (frame && typeof frame.type === "string" && frame.type !== "pong") this.#onFrame(frame);
  }

  #ping() {
    if (this.send({ type: "ping" })) this.#expectAnswer();
  }

  #wake() {
    if (this.online) this.#ping();
    else this.#take("network-on");
  }

  #expectAnswer() {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.#take("silent"), ANSWER_WITHIN_MS);
  }

  #close() {
    const socket = this.#socket;
    this.#forget();
    socket?.close();
  }

  #forget() {
    this.#socket = null;
    clearInterval(this.#pingTimer);
    clearTimeout(this.#silenceTimer);
  }

  /** Events of a socket that was given up must not move the machine. */
  #ifCurrent(socket, act) {
    if (this.#socket === socket) act();
  }
}
