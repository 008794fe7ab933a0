import { Outbox } from "./outbox.js";
import { refusalOf } from "./refusal.js";

const RESEND_AFTER_MS = 10_000;
const NOT_BEGUN = "new";

/**
 * Carries the outbox to the server: in order, again until accepted, always under the same id.
 *
 * send(frame) answers whether the line took it; mayGo() whether anything may be sent now.
 */
export class Delivery {
  #outbox;
  #store;
  #send;
  #mayGo;
  #sentAt = new Map();
  /** Messages that wait for what goes before them. */
  #held = new Set();

  constructor({ storage, conversation, store, send, mayGo }) {
    this.#outbox = new Outbox({ storage, conversation: conversation ?? NOT_BEGUN });
    this.#store = store;
    this.#send = send;
    this.#mayGo = mayGo;
    setInterval(() => this.sendWaiting(), RESEND_AFTER_MS);
  }

  /**
   * content: {kind, text, reply_id?, index?}. Kept first, then shown, then sent. before(id) is awaited first, where
   * something must reach the server before the message does; whether it does or not, the message goes.
   */
  post(content, before = null) {
    const entry = this.#outbox.add(content);
    this.#show(entry);
    if (before === null) return this.sendWaiting();
    this.#held.add(entry.id);
    before(entry.id).finally(() => {
      this.#held.delete(entry.id);
      this.sendWaiting();
    });
  }

  /** Sending one twice is harmless, so after a greeting (everything: true) nothing is left out. */
  sendWaiting({ everything = false } = {}) {
    if (!this.#mayGo()) return;
    for (const entry of this.#outbox.waiting()) {
      // What was written after it stays after it.
      if (this.#held.has(entry.id)) return;
      const isUnderWay = Date.now() - (this.#sentAt.get(entry.id) ?? 0) < RESEND_AFTER_MS;
      if (isUnderWay && !everything) continue;
      if (!this.#send(frameOf(entry))) return;
      this.#sentAt.set(entry.id, Date.now());
    }
  }

  /** The server has it. */
  settle(id) {
    this.#outbox.remove(id);
    this.#sentAt.delete(id);
  }

  /** The server does not take it. False when it is not one of ours. */
  refuse(id, error) {
    if (!this.#outbox.get(id)) return false;
    this.#outbox.refuse(id, refusalOf(error));
    this.#store.refuse(id, refusalOf(error));
    return true;
  }

  retry(id) {
    if (!this.#outbox.retry(id)) return;
    this.#store.retry(id);
    this.#sentAt.delete(id);
    this.sendWaiting();
  }

  /** Take a message back; answers its text. */
  takeBack(id) {
    const text = this.#outbox.get(id)?.text ?? "";
    this.settle(id);
    return text;
  }

  /** Show what an earlier page, or another tab, left in the outbox. */
  showWaiting() {
    for (const entry of this.#outbox.entries()) {
      this.#show(entry);
      if (entry.error) this.#store.refuse(entry.id, entry.error);
    }
  }

  moveTo(conversation) {
    this.#outbox.moveTo(conversation);
  }

  /** Another tab of this conversation changed the outbox. True if it sent a message that this page may not have. */
  follow(event) {
    const id = this.#outbox.idOfKey(event.key);
    if (id === null) return false;
    if (event.newValue !== null) this.showWaiting();
    else if (JSON.parse(event.oldValue)?.error) this.#store.remove(id);
    else return true;
    return false;
  }

  #show({ id, text, at, n }) {
    this.#store.addOwn({ id, text, at, order: at + n / 1000 });
  }
}

function frameOf(entry) {
  if (entry.kind === "button") return { type: "button", id: entry.id, reply_id: entry.reply_id, index: entry.index };
  if (entry.kind === "person") return { type: "person", id: entry.id };
  return { type: "message", id: entry.id, text: entry.text };
}
