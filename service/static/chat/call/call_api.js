import { request } from "../request.js";

/** The calls of the web API, relative to the chat page as api.js is. Raises ApiError. */
export class CallApi {
  #base;

  /** base: address of the folder that holds `chat`, with a slash at its end. */
  constructor(base = new URL(".", document.baseURI).href) {
    this.#base = base;
  }

  /** What the shop offers now: {available, because: voice_down or calls_full, transports, ice_servers, max_seconds,
   * covered: the signals that are scored in calls}. */
  settings(session) {
    return this.#request(session, "settings");
  }

  /** Begin a call: {transport, offer, camera} → {call, answer, ice_servers}. It ends another one of the conversation. */
  begin(session, call) {
    return this.#request(session, "", { method: "POST", json: call });
  }

  /** The same call after the network has changed → {answer}. */
  offer(session, call, offer) {
    return this.#request(session, `${encodeURIComponent(call)}/offer`, { method: "POST", json: { offer } });
  }

  /** Hang up. Outlives the page. */
  end(session, call) {
    return this.#request(session, encodeURIComponent(call), { method: "DELETE", keepalive: true });
  }

  /** Where the sound goes that cannot go by WebRTC. */
  soundAddress(session, call) {
    const url = new URL(this.#path(session, `${encodeURIComponent(call)}/audio`));
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return url.href;
  }

  #request(session, place, options = {}) {
    return request(this.#path(session, place), { token: session.token, ...options });
  }

  #path({ id }, place) {
    return `${this.#base}api/conversations/${encodeURIComponent(id)}/calls${place && `/${place}`}`;
  }
}
