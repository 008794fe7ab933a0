/**
 * The conversation as this page knows it: every message once, by id and by number.
 *
 * Message: {id, seq: number | null (not accepted yet), author: "customer" | "bot" | "agent", text, created_at (ISO),
 *   reply_to, buttons: [{title}], suggestions, image, sending: "pending" | "refused" | null, error,
 *   audio: spoken or a recording, recording: "here" (this page holds it) | "gone" | null (never was here),
 *   seconds, waiting: "line" | "busy" | "turn" | null (why a recording is not on its way), corrects, corrected_by, misheard}
 */
export class MessageStore {
  #byId = new Map();
  #idBySeq = new Map();
  #known = 0;
  #onChange;

  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** All messages: numbered ones by number, then the customer's waiting ones by time. */
  all() {
    const last = Number.MAX_SAFE_INTEGER;
    return [...this.#byId.values()].sort(
      (a, b) => (a.seq ?? last) - (b.seq ?? last) || (a.order ?? 0) - (b.order ?? 0),
    );
  }

  get(id) {
    return this.#byId.get(id);
  }

  /** Whether the customer has said nothing since this message. */
  isLatest(id) {
    const all = this.all();
    return all.findIndex((message) => message.id === id) > all.findLastIndex((message) => message.author === "customer");
  }

  /** Every message up to this number is here; a replay starts after it. */
  get known() {
    return this.#known;
  }

  /** The highest number seen; above `known` when something is missing in between. */
  get highest() {
    return Math.max(this.#known, ...this.#idBySeq.keys());
  }

  get hasGap() {
    return this.highest > this.#known;
  }

  /** Take a message of the server. True if it was new or changed what is shown; a repeated one changes nothing. */
  receive(message) {
    if (!isMessage(message)) return false;
    const holder = this.#idBySeq.get(message.seq);
    const before = this.#byId.get(message.id);
    if (holder !== undefined && holder !== message.id) return false;
    if (before && before.seq === message.seq && !before.sending && before.complete) return false;
    this.#put({ ...normalised(message), ...(before && kept(before, message)), complete: true, local: before?.local });
    this.#number(message.seq, message.id);
    const wrong = this.#byId.get(message.corrects);
    if (wrong && !wrong.corrected_by) this.patch(wrong.id, { corrected_by: message.id });
    return true;
  }

  /** Show a message of the customer before the server has it. */
  addOwn({ id, text, at, order, audio = false, seconds = null }) {
    if (this.#byId.has(id)) return;
    this.#put({
      ...normalised({ id, text, author: "customer", created_at: new Date(at).toISOString() }),
      sending: "pending",
      order,
      audio,
      seconds,
      recording: audio ? "here" : null,
      local: true,
    });
  }

  /** The server has the message and gave it a number. */
  accept(id, seq, text) {
    const message = this.#byId.get(id);
    if (!message) return;
    if (Number.isInteger(seq)) this.#number(seq, id);
    this.#put({ ...message, seq: message.seq ?? seq ?? null, text: text ?? message.text, sending: null, error: null, waiting: null });
  }

  refuse(id, error) {
    const message = this.#byId.get(id);
    if (message && message.seq === null) this.#put({ ...message, sending: "refused", error, waiting: null });
  }

  retry(id) {
    const message = this.#byId.get(id);
    if (message) this.#put({ ...message, sending: "pending", error: null });
  }

  /** Change what is shown of a message that may have gone meanwhile. */
  patch(id, changes) {
    const message = this.#byId.get(id);
    if (message && Object.entries(changes).some(([key, value]) => message[key] !== value)) this.#put({ ...message, ...changes });
  }

  remove(id) {
    if (this.#byId.delete(id)) this.#onChange(id);
  }

  /** The server's answer up to this number is complete: numbers that it left out do not exist any more. */
  settle(seq) {
    if (seq > this.#known) {
      this.#known = seq;
      this.#advance();
    }
  }

  clear() {
    const ids = [...this.#byId.keys()];
    this.#byId.clear();
    this.#idBySeq.clear();
    this.#known = 0;
    for (const id of ids) this.#onChange(id);
  }

  #put(message) {
    this.#byId.set(message.id, Object.freeze(message));
    this.#onChange(message.id);
  }

  #number(seq, id) {
    this.#idBySeq.set(seq, id);
    this.#advance();
  }

  #advance() {
    while (this.#idBySeq.has(this.#known + 1)) this.#known += 1;
  }
}

function isMessage(message) {
  return (
    message !== null &&
    typeof message === "object" &&
    typeof message.id === "string" &&
    Number.isInteger(message.seq) &&
    message.seq > 0
  );
}

function normalised(message) {
  return {
    id: message.id,
    seq: message.seq ?? null,
    author: ["customer", "bot", "agent"].includes(message.author) ? message.author : "bot",
    text: typeof message.text === "string" ? message.text : "",
    created_at: message.created_at ?? new Date().toISOString(),
    reply_to: message.reply_to ?? null,
    agent_name: message.agent_name ?? null,
    buttons: Array.isArray(message.buttons) ? message.buttons : [],
    suggestions: Array.isArray(message.suggestions) ? message.suggestions : [],
    image: message.image ?? null,
    sending: null,
    error: null,
    audio: message.spoken === true,
    recording: message.spoken === true && message.answered === true ? "gone" : null,
    seconds: null,
    waiting: null,
    corrects: message.corrects ?? null,
    corrected_by: message.corrected_by ?? null,
    misheard: message.misheard ?? null,
  };
}

/** What this page knows of its own message and the server does not say. */
function kept(before, message) {
  return {
    audio: before.audio || message.spoken === true,
    recording: before.recording,
    seconds: before.seconds,
    corrected_by: message.corrected_by ?? before.corrected_by,
  };
}
