import { CONVERSATION_KEY as KEY, localStore, tabStore } from "../chat/storage.js";

const DECLINED = "attune.joinDeclined";
const HANDED = /^#(guest|join)=([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

/**
 * The conversation that the chat began in this browser: how a guest reaches their own data without an account.
 *
 * A chat in another shop's page keeps it in storage that this page cannot see; it hands it over in the address's
 * fragment, which no server is told, and which is taken out of the address at once.
 */
export class BrowserConversation {
  #local;
  #tab;

  constructor({ local = localStore(), tab = tabStore() } = {}) {
    this.#local = local;
    this.#tab = tab;
  }

  /** Take what the address hands over. Answers the fragment that is left: "#guest", "#join" or the one given. */
  take(fragment) {
    const handed = HANDED.exec(fragment);
    if (!handed) return fragment;
    const [, name, id, token] = handed;
    if (this.#local.getJson(KEY)?.id !== id) this.#tab.setJson(KEY, { id, token });
    return `#${name}`;
  }

  /** {id, token}; null when no chat was begun here. */
  get current() {
    const found = this.#tab.getJson(KEY) ?? this.#local.getJson(KEY);
    return found?.id && found.token ? { id: found.id, token: found.token } : null;
  }

  /** Whether it belongs to an account already. */
  get isJoined() {
    return (this.#tab.getJson(KEY) ?? this.#local.getJson(KEY))?.joined === true;
  }

  /** Whether the question to add it is worth asking. */
  get mayJoin() {
    return this.current !== null && !this.isJoined && this.#local.get(DECLINED) !== this.current.id;
  }

  markJoined() {
    for (const store of [this.#tab, this.#local]) {
      const found = store.getJson(KEY);
      // The account's cookie opens it from now on; a token that stays here would outlive the signing out.
      if (found?.id) store.setJson(KEY, { ...found, token: null, joined: true });
    }
  }

  decline() {
    this.#local.set(DECLINED, this.current?.id ?? "");
  }

  /** Forget it, and what the chat keeps beside it. */
  forget() {
    for (const store of [this.#tab, this.#local]) for (const key of store.keys("attune.")) store.remove(key);
  }

  /** After signing out, the next person at this device must not read on. A guest's own conversation stays. */
  forgetIfJoined() {
    if (this.isJoined) this.forget();
  }
}
