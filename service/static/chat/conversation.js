import { ApiError } from "./api.js";
import { backoff } from "./connection.js";
import { Outbox } from "./outbox.js";
import { refusalOf } from "./refusal.js";
import { Line } from "./socket.js";
import { MessageStore } from "./store.js";
import { t } from "./strings.js";
import { Uploads } from "./uploads.js";

const RESEND_AFTER_MS = 10_000;
const NOT_BEGUN = "new";

/**
 * The conversation as the views see it: messages, owner, connection, and what the customer can do.
 *
 * Events (EventTarget): "message" (detail: id), "owner", "line", "typing" (detail: on), "notice" (detail: text),
 * "synced", "begun" (detail: {fresh}), "consent" (detail: what the server says).
 */
export class Conversation extends EventTarget {
  #api;
  #consent;
  #session;
  #outbox;
  #uploads;
  #sentAt = new Map();
  #catchUpTimer = 0;
  #expected = null;
  #attempts = 0;
  #line;

  store = new MessageStore((id) => this.#tell("message", id));
  owner = "bot";
  agent = null;
  line = { name: "idle", attempts: 0 };

  constructor({ api, session, consent, storage }) {
    super();
    this.#api = api;
    this.#consent = consent;
    consent.addEventListener("settled", () => this.#sendWaiting());
    this.#session = session;
    this.#outbox = new Outbox({ storage, conversation: session.current?.id ?? NOT_BEGUN });
    this.#uploads = new Uploads({
      api,
      session,
      store: this.store,
      onAccepted: () => this.#catchUpSoon(),
    });
    this.#line = new Line({
      url: () => api.socketAddress(session.current.id),
      greeting: () => ({ type: "auth", token: session.current.token, after: this.store.known }),
      probe: () => this.#probe(),
      onFrame: (frame) => this.#take(frame),
      onState: (state) => this.#setLine(state),
    });
    window.addEventListener("storage", (event) => this.#followOtherTab(event));
    setInterval(() => this.#sendWaiting(), RESEND_AFTER_MS);
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
    this.#showWaiting();
    if (this.#session.current) {
      this.#line.start();
      this.#tell("begun", { fresh: false });
    } else {
      await this.#begin(null);
    }
  }

  send(text) {
    this.#post({ kind: "message", text });
  }

  press(reply, index) {
    this.#post({ kind: "button", text: reply.buttons[index].title, reply_id: reply.id, index });
  }

  callPerson() {
    this.#post({ kind: "person", text: t("personRequest") });
  }

  sendFile(file) {
    void this.#uploads.add(file);
  }

  retry(id) {
    this.store.retry(id);
    if (this.#uploads.has(id)) void this.#uploads.send(id);
    else if (this.#outbox.retry(id)) this.#sendWaiting({ now: true });
  }

  /** Take a refused message back; answers its text. */
  takeBack(id) {
    const text = this.#outbox.get(id)?.text ?? "";
    this.#outbox.remove(id);
    this.#uploads.drop(id);
    this.store.remove(id);
    return text;
  }

  #post(content) {
    const entry = this.#outbox.add(content);
    this.store.addOwn({ id: entry.id, text: entry.text, at: entry.at, order: entry.at + entry.n / 1000 });
    this.#sendWaiting();
  }

  /** Sends what waits, in order. Every entry keeps its id, so sending one twice is harmless. */
  #sendWaiting({ now = false } = {}) {
    if (!this.#line.online || this.#consent.isSaving) return;
    for (const entry of this.#outbox.waiting()) {
      if (!now && Date.now() - (this.#sentAt.get(entry.id) ?? 0) < RESEND_AFTER_MS) continue;
      if (!this.#line.send(frameOf(entry))) return;
      this.#sentAt.set(entry.id, Date.now());
    }
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
    this.#outbox.moveTo(this.#session.current.id);
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
      this.#showWaiting();
    }
  }

  #take(frame) {
    switch (frame.type) {
      case "hello":
        this.#setOwner(frame);
        this.#tell("consent", frame.consent);
        this.#expect(frame.last_seq);
        this.#sendWaiting({ now: true });
        break;
      case "accepted":
        this.#forget(frame.id);
        this.store.accept(frame.id, frame.seq);
        if (this.store.hasGap) this.#catchUpSoon();
        break;
      case "message":
        this.#receive(frame.message);
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
    if (this.store.hasGap && this.#expected === null) this.#catchUpSoon();
    this.#isSynced();
  }

  #keep(message) {
    this.store.receive({ agent_name: this.agent, ...message });
    if (message?.author === "customer") this.#forget(message.id);
  }

  #refuse(frame) {
    const words = refusalOf(frame.error ?? {});
    if (typeof frame.id === "string" && this.#outbox.get(frame.id)) {
      this.#outbox.refuse(frame.id, words);
      this.store.refuse(frame.id, words);
    } else {
      this.#tell("notice", words.message || t("failed", { message: "" }));
    }
  }

  /** The replay should bring every message up to this number; what it leaves out is asked for over HTTP. */
  #expect(lastSeq) {
    this.#expected = Number.isInteger(lastSeq) ? lastSeq : 0;
    if (!this.#isSynced()) this.#catchUpSoon(1500);
  }

  #isSynced() {
    if (this.#expected === null || this.store.known < this.#expected) return false;
    this.#expected = null;
    this.#tell("synced");
    return true;
  }

  #catchUpSoon(ms = 400) {
    clearTimeout(this.#catchUpTimer);
    this.#catchUpTimer = setTimeout(() => this.#catchUp(), ms);
  }

  async #catchUp() {
    const session = this.#session.current;
    try {
      for (let more = true; more; ) {
        const { messages, owner } = await this.#api.messagesAfter(session, this.store.known);
        if (session !== this.#session.current) return;
        for (const message of messages) this.#keep(message);
        const last = messages.at(-1)?.seq ?? 0;
        more = last > this.store.known;
        this.store.settle(last);
        more = more && messages.length > 0;
        if (owner && owner !== this.owner) this.#setOwner({ owner, agent: this.agent });
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // The next greeting asks again.
    }
    this.#expected = this.store.known;
    this.#isSynced();
  }

  #showWaiting() {
    for (const entry of this.#outbox.entries()) {
      this.store.addOwn({ id: entry.id, text: entry.text, at: entry.at, order: entry.at + entry.n / 1000 });
      if (entry.error) this.store.refuse(entry.id, entry.error);
    }
  }

  /** Another tab of this conversation wrote to the outbox. */
  #followOtherTab(event) {
    const id = this.#outbox.idOfKey(event.key);
    if (id === null) return;
    if (event.newValue !== null) this.#showWaiting();
    else if (JSON.parse(event.oldValue)?.error) this.store.remove(id);
    else this.#catchUpSoon(800);
  }

  #forget(id) {
    this.#outbox.remove(id);
    this.#sentAt.delete(id);
  }

  #setOwner({ owner, agent }) {
    this.owner = owner ?? this.owner;
    this.agent = agent ?? null;
    this.#tell("owner");
  }

  #setLine(state) {
    this.line = state;
    this.#tell("line");
  }

  #tell(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function frameOf(entry) {
  if (entry.kind === "button") return { type: "button", id: entry.id, reply_id: entry.reply_id, index: entry.index };
  if (entry.kind === "person") return { type: "person", id: entry.id };
  return { type: "message", id: entry.id, text: entry.text };
}
