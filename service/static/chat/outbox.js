/**
 * What the customer sent and the server has not accepted yet.
 *
 * Each entry has its own storage key, so two tabs of one conversation never overwrite each other's entries.
 * An entry leaves only when the server accepted its id (which may happen twice: ids make that harmless) or when
 * the customer removes it.
 *
 * Entry: {id, kind: "message" | "button" | "person", text, reply_id?, index?, at (ms), n, error?: {code, message, retryable}}
 */
const PREFIX = "attune.outbox.";

export class Outbox {
  #storage;
  #conversation;
  #now;
  #count = 0;

  constructor({ storage, conversation, now = Date.now }) {
    this.#storage = storage;
    this.#conversation = conversation;
    this.#now = now;
  }

  /** All entries, oldest first. */
  entries() {
    return this.#storage
      .keys(this.#prefix())
      .map((key) => this.#storage.getJson(key))
      .filter((entry) => entry && typeof entry.id === "string")
      .sort((a, b) => a.at - b.at || a.n - b.n);
  }

  /** The entries that wait for the server, oldest first: all but the refused ones. */
  waiting() {
    return this.entries().filter((entry) => !entry.error);
  }

  add(content) {
    this.#count += 1;
    const entry = { ...content, id: newMessageId(), at: this.#now(), n: this.#count };
    this.#storage.setJson(this.#key(entry.id), entry);
    return entry;
  }

  get(id) {
    return this.#storage.getJson(this.#key(id));
  }

  /** Keep the entry, with the server's refusal; it is not sent again until retry(). */
  refuse(id, error) {
    const entry = this.get(id);
    if (entry) this.#storage.setJson(this.#key(id), { ...entry, error });
  }

  retry(id) {
    const entry = this.get(id);
    if (!entry) return null;
    delete entry.error;
    this.#storage.setJson(this.#key(id), entry);
    return entry;
  }

  remove(id) {
    this.#storage.remove(this.#key(id));
  }

  /** Give all entries to another conversation: the old one has expired, what was not sent is not lost. */
  moveTo(conversation) {
    const moved = this.entries();
    for (const entry of moved) this.remove(entry.id);
    this.#conversation = conversation;
    for (const entry of moved) {
      // A button belongs to a reply of the old conversation; its words still say what was meant.
      const { reply_id, index, ...rest } = entry;
      const kept = entry.kind === "button" ? { ...rest, kind: "message" } : rest;
      this.#storage.setJson(this.#key(kept.id), kept);
    }
  }

  /** The id that a change of another tab concerns, or null when it is not about this outbox. */
  idOfKey(key) {
    return key?.startsWith(this.#prefix()) ? key.slice(this.#prefix().length) : null;
  }

  #prefix() {
    return `${PREFIX}${this.#conversation}.`;
  }

  #key(id) {
    return this.#prefix() + id;
  }
}

/** A random id, 36 characters. crypto.randomUUID exists only on https and localhost; getRandomValues everywhere. */
export function newMessageId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
