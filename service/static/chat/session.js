import { CONVERSATION_KEY as KEY } from "./storage.js";

/**
 * Which conversation this browser has: its id and token, and the notice that is shown.
 *
 * Kept in the browser because the chat cannot go on without it; nothing about the customer is in it.
 * {id, token, notice: {version, text}, asked: whether the consent question was answered, joined: it belongs to the
 * account that is signed in here, whose cookie opens it; then no token is kept, so that signing out closes it}
 */
export class Session {
  #api;
  #storage;
  #current;

  constructor({ api, storage }) {
    this.#api = api;
    this.#storage = storage;
    this.#current = storage.getJson(KEY);
    if (!isUsable(this.#current)) this.#current = null;
    window.addEventListener("storage", (event) => event.key === KEY && this.#follow(event.newValue));
  }

  get current() {
    return this.#current;
  }

  get storageKey() {
    return KEY;
  }

  /** Remember that the consent question was answered; it is not asked again by itself. */
  markAsked() {
    // Another tab may have moved the conversation into an account meanwhile.
    const saved = this.#storage.getJson(KEY);
    this.#save({ ...this.#current, ...(saved?.id === this.#current?.id ? saved : null), asked: true });
  }

  /** Take the notice that the server has now: a yes to an earlier one is refused. notice: {version, text}. */
  renew(notice) {
    if (!notice?.version || !this.#current || notice.version === this.#current.notice?.version) return;
    const saved = this.#storage.getJson(KEY);
    this.#save({ ...this.#current, ...(saved?.id === this.#current.id ? saved : null), notice });
  }

  /**
   * Begin a conversation; in two tabs at once, one begins it and the other takes it over.
   * stale: id of the conversation that has expired, or null. Raises ApiError.
   */
  begin(stale = null) {
    return exclusively("attune.begin", async () => {
      const saved = this.#storage.getJson(KEY);
      if (isUsable(saved) && saved.id !== stale) {
        this.#current = saved;
        return saved;
      }
      const created = await this.#api.createConversation();
      const joined = created.joined === true;
      const token = joined ? null : created.token;
      this.#save({ id: created.conversation, token, notice: created.notice ?? null, asked: hasAnswered(created), joined });
      return this.#current;
    });
  }

  /** The account page took it into an account, or forgot it at signing out: then this page must not show it on. */
  #follow(value) {
    const saved = value === null ? null : this.#storage.getJson(KEY);
    if (saved === null && this.#current !== null) window.location.reload();
    else if (saved?.id === this.#current?.id) this.#current = saved;
  }

  #save(session) {
    this.#current = session;
    this.#storage.setJson(KEY, session);
  }
}

function isUsable(saved) {
  return Boolean(saved?.id && (saved.token || saved.joined === true));
}

/** A signed-in customer may have allowed something already, in another conversation. */
function hasAnswered({ consent }) {
  return Object.values(consent ?? {}).includes(true);
}

/**
 * Browsers offer locks on https and localhost only, and refuse them to a frame whose storage is blocked; then the
 * work is done without one, and two tabs opened at the same moment may begin two conversations.
 */
async function exclusively(name, work) {
  let hasBegun = false;
  try {
    return await navigator.locks.request(name, () => {
      hasBegun = true;
      return work();
    });
  } catch (error) {
    if (hasBegun) throw error;
    return work();
  }
}
