const LONGEST = 300;

/**
 * The shop's page around the chat, spoken to by postMessage.
 *
 * Only the parent window is heard, and only from the origin that greeted first; nothing is sent before that greeting.
 * The server decides by `frame-ancestors` which shops may hold the frame at all.
 */
export class Host {
  #origin = null;
  #onMessage;

  /** onMessage: told {type, …} of "hello", "shown", "hidden", "context", "step", "flush" and "help-accepted". */
  constructor(onMessage) {
    this.#onMessage = onMessage;
    if (this.embedded) window.addEventListener("message", (event) => this.#receive(event));
  }

  /** Whether the page runs inside a shop's page. */
  get embedded() {
    return window.parent !== window;
  }

  /** The shop's origin; null when standing alone or not greeted yet. */
  get origin() {
    return this.#origin;
  }

  send(type, data = {}) {
    if (this.#origin !== null) window.parent.postMessage({ source: "attune-chat", type, ...data }, this.#origin);
  }

  #receive(event) {
    const message = event.data;
    if (event.source !== window.parent || message?.source !== "attune-widget") return;
    if (this.#origin === null && message.type === "hello") this.#origin = event.origin;
    if (event.origin !== this.#origin) return;
    if (["hello", "shown", "hidden"].includes(message.type)) this.#onMessage({ type: message.type, ...options(message) });
    if (["flush", "help-accepted"].includes(message.type)) this.#onMessage({ type: message.type });
    if (message.type === "step" && isStep(message)) {
      this.#onMessage({ type: "step", step: { name: message.name, kind: message.kind, agoMs: message.agoMs } });
    }
    if (message.type === "context") this.#onMessage({ type: "context", item: itemOf(message.item) });
  }
}

function options(message) {
  return {
    title: shortText(message.title),
    itemAddress: shortText(message.itemAddress),
    focus: message.focus !== false,
    steps: message.steps === true,
  };
}

/** The widget has checked it for the shop; a frame believes nothing. */
function isStep({ name, kind, agoMs }) {
  const kinds = ["enter", "leave", "done", "abort", "read", "click"];
  return typeof name === "string" && /^[a-z0-9_-]{1,64}$/.test(name) && kinds.includes(kind) && agoMs >= 0;
}

function itemOf(item) {
  const id = shortText(item?.id);
  const title = shortText(item?.title);
  return id && title ? { id, title } : null;
}

function shortText(value) {
  return typeof value === "string" && value.length <= LONGEST ? value : "";
}
