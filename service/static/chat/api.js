/** The server refused, or could not be reached. code and retryable as in the API's one error shape; retryAfterS: seconds or null. */
export class ApiError extends Error {
  constructor({ code, message, retryable = false, status = 0, retryAfterS = null }) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.retryable = retryable;
    this.status = status;
    this.retryAfterS = retryAfterS;
  }

  /** The conversation does not exist for this token: expired, erased or foreign. */
  get isGone() {
    return this.status === 401 || this.status === 403 || this.status === 404 || this.status === 410;
  }
}

const TIMEOUT_MS = 15_000;
const UPLOAD_TIMEOUT_MS = 180_000;

/** The web API, relative to the chat page, so that a path prefix in front of it keeps working. */
export class Api {
  #base;

  /** base: address of the folder that holds `chat`, with a slash at its end. */
  constructor(base = new URL(".", document.baseURI).href) {
    this.#base = base;
  }

  createConversation() {
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
    return this.#call(`${speechPath(session, messageId)}/${index}`, { token: session.token, signal, bytes: true });
  }

  /** Steps of the shop's page: {id, tab, idle, steps: [{name, kind, ago_ms}]} → {help}. Outlives the page. */
  sendSteps({ id, token }, batch) {
    return this.#call(`api/conversations/${encodeURIComponent(id)}/steps`, { method: "POST", token, json: batch, keepalive: true });
  }

  /** Tell that a suggestion was used. Never waits, never fails: it is a statistic. */
  event(event) {
    fetch(`${this.#base}api/events`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(event),
      keepalive: true,
    }).catch(() => {});
  }

  socketAddress(id) {
    const url = new URL(`api/conversations/${encodeURIComponent(id)}/socket`, this.#base);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return url.href;
  }

  async #call(path, { method = "GET", token, json, body, type, signal, bytes = false, keepalive = false }, timeoutMs = TIMEOUT_MS) {
    const headers = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    if (json) headers["Content-Type"] = "application/json";
    if (type) headers["Content-Type"] = type;
    let response;
    try {
      response = await fetch(this.#base + path, {
        method,
        headers,
        body: json ? JSON.stringify(json) : body,
        cache: "no-store",
        credentials: "omit",
        keepalive,
        signal: firstOf(AbortSignal.timeout(timeoutMs), signal),
      });
    } catch {
      throw new ApiError({ code: "unreachable", message: "", retryable: true });
    }
    const wanted = bytes && response.ok ? response.arrayBuffer() : response.json();
    const answer = await wanted.catch(() => null);
    if (response.ok) return answer;
    const error = answer?.error ?? {};
    throw new ApiError({
      code: typeof error.code === "string" ? error.code : `http_${response.status}`,
      message: typeof error.message === "string" ? error.message : "",
      retryable: error.retryable ?? response.status >= 500,
      status: response.status,
      retryAfterS: Number(response.headers.get("Retry-After")) || null,
    });
  }
}

function speechPath({ id }, messageId) {
  return `api/conversations/${encodeURIComponent(id)}/messages/${encodeURIComponent(messageId)}/speech`;
}

/** A signal that ends with either; AbortSignal.any is younger than the browsers that phones have. */
function firstOf(one, other) {
  if (!other) return one;
  if (AbortSignal.any) return AbortSignal.any([one, other]);
  const both = new AbortController();
  for (const signal of [one, other]) signal.addEventListener("abort", () => both.abort());
  return both.signal;
}
