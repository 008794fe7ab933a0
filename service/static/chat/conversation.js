import { ApiError } from "./api.js";
import { backoff } from "./connection.js";
import { Delivery } from "./delivery.js";
import { refusalOf } from "./refusal.js";
import { Replay } from "./replay.js";
import { Line } from "./socket.js";
import { Playback } from "./voice/playback.js";
import { MessageStore } from "./store.js";
import { t } from "./strings.js";
import { Uploads } from "./uploads.js";

const OTHER_TAB_MS = 800;
// Until the server has said what it takes: short enough for any.
const FIRST_LIMITS = Object.freeze({ max_seconds: 60, max_bytes: 1024 * 1024 });

/**
 * The conversation as the views see it: messages, owner, connection, and what the customer can do.
 *
 * Events (EventTarget): "message" (detail: id), "owner", "line", "typing" (detail: on), "notice" (detail: text),
 * "call" (detail: the frame: a call began or ended, here or elsewhere), "synced", "begun" (detail: {fresh}), "consent" (detail: what the server says), "may-ask" (detail: whether the
 * moment is right to ask for consent).
 */
export class Conversation extends EventTarget {
  #api;
  #session;
  #delivery;
  #uploads;
  #replay;
  #line;
  #attempts = 0;

  store = new MessageStore((id) => this.#tell("message", id));
  owner = "bot";
  agent = null;
  line = { name: "idle", attempts: 0 };
  /** The customer's own recordings, until their turn ends. */
  playback = new Playback();
  /** The longest and largest recording that the server takes: {max_seconds, max_bytes}. */
  limits = FIRST_LIMITS;

  constructor({ api, session, consent, storage }) {
    super();
    this.#api = api;
    this.#session = session;
    const { store } = this;
    this.#replay = new Replay({
      fetchAfter: async (seq) => (await api.messagesAfter(session.current, seq)).messages,
      store,
      onMessage: (message) => this.#keep(message),
      onSynced: () => this.#tell("synced"),
    });
    this.#uploads = new Uploads({
      api,
      session,
      store,
      playback: this.playback,
      mayGo: () => this.line.name !== "offline",
      onAccepted: (id) => {
        if (this.owner !== "bot") this.#endTurn(id);
        this.#replay.soon();
      },
    });
    this.#line = new Line({
      url: () => api.socketAddress(session.current.id),
      greeting: () => ({ type: "auth", token: session.current.token ?? "", after: store.known }),
      probe: () => this.#probe(),
      onFrame: (frame) => this.#take(frame),
      onState: (state) => this.#setLine(state),
    });
    this.#delivery = new Delivery({
      storage,
      conversation: session.current?.id,
      store,
      send: (frame) => this.#line.send(frame),
      // A yes or no to being assessed counts before what is written after it.
      mayGo: () => this.#line.online && !consent.isSaving,
    });
    consent.addEventListener("settled", () => this.#delivery.sendWaiting());
    window.addEventListener("storage", (event) => this.#delivery.follow(event) && this.#replay.soon(OTHER_TAB_MS));
  }

  get session() {
    return this.#session.current;
  }

  /** Recordings on their way: they would be lost if the page closed now. */
  get hasUnsentFiles() {
    return this.#uploads.size > 0;
  }

  /** Show what was not sent yet, begin or resume, and connect. */
  async open() {
    this.#delivery.showWaiting();
    if (this.#session.current) {
      this.#line.start();
      this.#tell("begun", { fresh: false });
    } else {
      await this.#begin(null);
    }
  }

  /** photo: Blob that goes before the message, under its id; null for none. */
  send(text, photo = null) {
    this.#delivery.post({ kind: "message", text }, photo && ((id) => this.#sendPhoto(id, photo)));
  }

  async #sendPhoto(id, photo) {
    try {
      await this.#api.sendPhoto(this.#session.current, id, photo);
    } catch (error) {
      this.#tell("notice", t("photoFailed", { message: error.message || t("consentOffline") }));
    }
  }

  press(reply, index) {
    this.#delivery.post({ kind: "button", text: reply.buttons[index].title, reply_id: reply.id, index });
  }

  callPerson() {
    this.#delivery.post({ kind: "person", text: t("personRequest") });
  }

  /** seconds: the length of a recording made here; null for a chosen file. */
  sendRecording(file, seconds = null) {
    this.#uploads.add(file, seconds);
  }

  /** Put right what was heard. id: of the correction, the same for every try. Raises ApiError. */
  async correct(messageId, id, text) {
    const answer = await this.#api.correct(this.#session.current, messageId, { id, text });
    const before = this.store.get(messageId);
    if (answer.replaced) this.store.patch(messageId, { text: answer.text, misheard: before?.text, corrected_by: id });
    else this.store.patch(messageId, { corrected_by: answer.id });
    this.#replay.soon();
  }

  retry(id) {
    if (this.#uploads.has(id)) this.#uploads.retry(id);
    else this.#delivery.retry(id);
  }

  /** Take a refused message back; answers its text. */
  takeBack(id) {
    const text = this.#delivery.takeBack(id);
    this.#uploads.drop(id);
    this.store.remove(id);
    return text;
  }

  async #begin(stale) {
    this.#setLine({ name: "connecting", attempts: this.#attempts });
    try {
      await this.#session.begin(stale);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#attempts += 1;
      this.#setLine({ name: "waiting", attempts: this.#attempts });
      setTimeout(() => this.#begin(stale), backoff(this.#attempts, Math.random));
      return;
    }
    this.#attempts = 0;
    this.#delivery.moveTo(this.#session.current.id);
    if (stale === null) this.#line.start();
    else this.#line.restart();
    this.#tell("begun", { fresh: true });
  }

  /** A line failed before its greeting: does the conversation still exist? */
  async #probe() {
    const asked = this.#session.current;
    try {
      await this.#api.conversation(asked);
    } catch (error) {
      if (!error.isGone || asked !== this.#session.current) return;
      this.#line.end();
      this.store.clear();
      this.owner = "bot";
      this.agent = null;
      this.#tell("notice", t("expired"));
      await this.#begin(asked.id);
      this.#delivery.showWaiting();
      this.#uploads.showWaiting();
    }
  }

  #take(frame) {
    switch (frame.type) {
      case "hello":
        this.#setOwner(frame);
        this.#session.renew(frame.notice);
        this.#tell("consent", frame.consent);
        this.#tell("may-ask", frame.may_ask !== false);
        this.#tell("speaks", frame.speaks === true);
        this.#replay.expect(frame.last_seq);
        if (frame.recording?.max_seconds > 0 && frame.recording.max_bytes > 0) this.limits = frame.recording;
        this.#delivery.sendWaiting({ everything: true });
        break;
      case "accepted":
        this.#delivery.settle(frame.id);
        this.store.accept(frame.id, frame.seq);
        this.#replay.took();
        break;
      case "message":
        this.#receive(frame.message);
        break;
      case "corrected":
        this.#takeCorrected(frame.message);
        break;
      case "typing":
        this.#tell("typing", frame.on === true);
        break;
      case "consent":
        this.#tell("consent", frame.consent);
        break;
      case "owner":
        this.#setOwner(frame);
        break;
      case "call":
        this.#tell("call", frame);
        break;
      case "notice":
        if (typeof frame.text === "string") this.#tell("notice", frame.text);
        break;
      case "error":
        this.#refuse(frame);
        break;
      default: // A newer server may say more than this page knows.
    }
  }

  #receive(message) {
    this.#keep(message);
    if (message?.author !== "customer") this.#tell("typing", false);
    this.#replay.took();
  }

  #keep(message) {
    this.store.receive({ agent_name: this.agent, ...message });
    if (message?.author === "customer") this.#settle(message.id);
    else if (message?.reply_to) this.#endTurn(message.reply_to);
  }

  #settle(id) {
    this.#delivery.settle(id);
    if (this.#uploads.settle(id) && this.owner !== "bot") this.#endTurn(id);
  }

  /** Somebody, here or in another tab, corrected a message whose number has passed. */
  #takeCorrected(message) {
    if (typeof message?.id !== "string" || typeof message.text !== "string") return;
    const { id, text, misheard = null, corrected_by = null } = message;
    this.store.patch(id, { text, misheard, corrected_by });
  }

  /** Answered, or left to a person: the server has deleted the sound, and so does this page. */
  #endTurn(id) {
    if (this.playback.drop(id)) this.store.patch(id, { recording: "gone" });
  }

  #refuse({ id, error = {} }) {
    if (!this.#delivery.refuse(id, error)) this.#tell("notice", refusalOf(error).message);
  }

  #setOwner({ owner, agent }) {
    this.owner = owner ?? this.owner;
    this.agent = agent ?? null;
    if (this.owner !== "bot") for (const { id, seq } of this.store.all()) if (seq !== null) this.#endTurn(id);
    this.#tell("owner");
  }

  #setLine(state) {
    this.line = state;
    if (state.name === "online") this.#uploads.flush();
    this.#tell("line");
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
