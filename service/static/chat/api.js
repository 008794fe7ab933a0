import { request } from "./request.js";

export { ApiError } from "./request.js";

const UPLOAD_TIMEOUT_MS = 180_000;

/** The web API, relative to the chat page, so that a path prefix in front of it keeps working. */
export class Api {
  #base;

  /** base: address of the folder that holds `chat`, with a slash at its end. */
  constructor(base = new URL(".", document.baseURI).href) {
    this.#base = base;
  }

  createConversation() {
    // With the cookie, so that a signed-in customer's conversation is in their account from the start.
    return this.#call("api/conversations", { method: "POST" });
  }

  conversation({ id, token }) {
    return this.#call(`api/conversations/${encodeURIComponent(id)}`, { token });
  }

  messagesAfter({ id, token }, seq) {
    return this.#call(`api/conversations/${encodeURIComponent(id)}/messages?after=${seq}`, { token });
  }

  setConsent({ id, token }, { signal, granted, textVersion }) {
    return this.#call(`api/conversations/${encodeURIComponent(id)}/consent`, {
      method: "PUT",
      token,
      json: { signal, granted, text_version: textVersion },
    });
  }

  turn({ id, token }, messageId) {
    return this.#call(`api/conversations/${encodeURIComponent(id)}/turns/${encodeURIComponent(messageId)}`, { token });
  }

  /** The customer's own word about what was sensed: less_upset, as_shown or more_upset. Answers the turn. */
  judge({ id, token }, messageId, perceived) {
    const place = `api/conversations/${encodeURIComponent(id)}/turns/${encodeURIComponent(messageId)}/verdict`;
    return this.#call(place, { method: "PUT", token, json: { perceived } });
  }

  /** What the customer meant where a spoken message was heard wrongly. */
  correct({ id, token }, messageId, { id: correctionId, text }) {
    const place = `api/conversations/${encodeURIComponent(id)}/messages/${encodeURIComponent(messageId)}/correction`;
    return this.#call(place, { method: "POST", token, json: { id: correctionId, text } });
  }

  /** file: File or Blob with the sound; the server decodes and transcribes it. signal: AbortSignal. */
  sendAudio({ id, token }, messageId, file, signal) {
    return this.#call(
      `api/conversations/${encodeURIComponent(id)}/audio?id=${encodeURIComponent(messageId)}`,
      { method: "POST", token, body: file, type: file.type || "application/octet-stream", signal },
      UPLOAD_TIMEOUT_MS,
    );
  }

  /** A picture of the customer's face for the message that is sent next with this id. Needs consent to the face. */
  sendPhoto({ id, token }, messageId, photo) {
    return this.#call(
      `api/conversations/${encodeURIComponent(id)}/frames?message_id=${encodeURIComponent(messageId)}`,
      { method: "POST", token, body: photo, type: photo.type },
    );
  }

  /** The sentences that an answer is read out in: {sentences, engine, parts: [{part, start, end}]}. */
  speech(session, messageId, signal) {
    return this.#call(speechPath(session, messageId), { token: session.token, signal });
  }

  /** One of these sentences as a sound file: ArrayBuffer. */
  sentence(session, messageId, index, signal) {
    return this.#call(`${speechPath(session, messageId)}/${index}`, { token: session.token, signal, as: "bytes" });
  }

  /** Steps of the shop's page: {id, tab, idle, steps: [{name, kind, ago_ms}]} → {help}. Outlives the page. */
  sendSteps({ id, token }, batch) {
    return this.#call(`api/conversations/${encodeURIComponent(id)}/steps`, { method: "POST", token, json: batch, keepalive: true });
  }

  /** What the customer thinks of a suggestion: helpful, not_for_me, or "none" to take it back. */
  judgeSuggestion({ id, token }, item, verdict) {
    const place = `api/me/suggestions/${encodeURIComponent(item)}`;
    const guest = token ? `?conversation=${encodeURIComponent(id)}` : "";
    return this.#call(`${place}${guest}`, { method: "PUT", token, json: { verdict, conversation: id } });
  }

  /** Tell that a suggestion was used. Never waits, never fails. The conversation says whose it is, if they allow that. */
  event(event, conversation) {
    const { id, token } = conversation ?? {};
    const known = id && token;
    fetch(`${this.#base}api/events${known ? `?conversation=${encodeURIComponent(id)}` : ""}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(known ? { Authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(event),
      keepalive: true,
    }).catch(() => {});
  }

  socketAddress(id) {
    const url = new URL(`api/conversations/${encodeURIComponent(id)}/socket`, this.#base);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return url.href;
  }

  #call(path, options = {}, timeoutMs = undefined) {
    return request(this.#base + path, options, timeoutMs);
  }
}

function speechPath({ id }, messageId) {
  return `api/conversations/${encodeURIComponent(id)}/messages/${encodeURIComponent(messageId)}/speech`;
}
