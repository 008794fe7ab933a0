import { request } from "../chat/request.js";

const LONG_MS = 120_000;

/**
 * The account's part of the web API, relative to the page.
 *
 * person: null for whoever is signed in (by the cookie), or {id, token} of a guest's conversation.
 * onSignedOut: called when the server no longer knows the sign-in. Every call raises ApiError.
 */
export class AccountApi {
  #base;
  #person;
  #onSignedOut;

  constructor({ base = new URL(".", document.baseURI).href, person = null, onSignedOut = () => {} } = {}) {
    this.#base = base;
    this.#person = person;
    this.#onSignedOut = onSignedOut;
  }

  /* ---- Signing in ---- */
  account = () => this.#get("account");
  providers = () => this.#get("account/providers");
  register = (details) => this.#post("account/register", details);
  verify = (token, password = "") => this.#post("account/verify", { token, ...(password ? { password } : {}) });
  login = (proof) => this.#post("account/login", proof);
  startPhone = (phone) => this.#post("account/phone/start", { phone });
  confirmPhone = (phone, code, secondFactor = null) =>
    this.#post("account/phone/confirm", { phone, code, ...(secondFactor ? { second_factor: secondFactor } : {}) });
  forgot = (email) => this.#post("account/reset", { email });
  resetPassword = (token, password) => this.#post("account/reset/confirm", { token, password });
  logout = () => this.#post("account/logout", {});
  logoutEverywhere = () => this.#post("account/logout-everywhere", {});
  providerAddress = (id) => `${this.#base}api/account/providers/${encodeURIComponent(id)}/start?next=${encodeURIComponent(new URL("account", this.#base).pathname)}`;

  /* ---- The account itself ---- */
  change = (details) => this.#send("PATCH", "account", details);
  changePassword = (current, password) => this.#post("account/password", { current, new: password });
  changeEmail = (email, password) => this.#post("account/email", { email, password });
  sessions = () => this.#get("account/sessions");
  endSession = (id) => this.#send("DELETE", `account/sessions/${encodeURIComponent(id)}`);
  startSecondFactor = () => this.#post("account/second-factor/start", {});
  confirmSecondFactor = (code) => this.#post("account/second-factor/confirm", { code });
  removeSecondFactor = (password) => this.#send("DELETE", "account/second-factor", { password });

  /* ---- What belongs to the person ---- */
  profile = () => this.#get("me/profile");
  saveProfile = (profile) => this.#send("PUT", "me/profile", profile);
  consents = () => this.#get("me/consents");
  setConsent = (signal, purpose, granted, version) => this.#send("PUT", "me/consents", { signal, purpose, granted, text_version: version });
  everythingOff = () => this.#post("me/consents/off", {});
  receipts = () => this.#get("me/consents/receipts");
  conversations = () => this.#get("me/conversations");
  conversation = (id) => this.#get(`me/conversations/${encodeURIComponent(id)}`);
  join = ({ id, token }) => this.#post("me/conversations/join", { conversation: id, token });
  suggestions = () => this.#get("me/suggestions");
  judgeSuggestion = (item, verdict, conversation = null) =>
    this.#send("PUT", `me/suggestions/${encodeURIComponent(item)}`, conversation ? { verdict, conversation } : { verdict });
  emotion = () => this.#get("me/emotion");
  contest = ({ conversation, message }, verdict) =>
    this.#send("PUT", `me/emotion/${encodeURIComponent(conversation)}/${encodeURIComponent(message)}`, verdict);
  export = () => this.#call("me/export", { method: "POST", json: {}, as: "file" }, LONG_MS);
  erasure = () => this.#get("me/erasure");
  erase = (proof) => this.#call("me/erasure", { method: "POST", json: { confirm: true, ...proof } }, LONG_MS);
  requests = () => this.#get("me/requests");
  object = (words) => this.#post("me/objection", { words });
  notifications = () => this.#get("me/notifications");
  saveNotifications = (settings) => this.#send("PUT", "me/notifications", settings);
  addPush = (subscription) => this.#post("me/push", subscription);
  removePush = (endpoint) => this.#send("DELETE", "me/push", { endpoint });

  #get(path) {
    return this.#call(path);
  }

  #post(path, json) {
    return this.#call(path, { method: "POST", json });
  }

  #send(method, path, json) {
    return this.#call(path, { method, json });
  }

  async #call(path, options = {}, timeoutMs = undefined) {
    const person = this.#person && path.startsWith("me/") ? this.#person : null;
    const query = person ? `?conversation=${encodeURIComponent(person.id)}` : "";
    try {
      return await request(`${this.#base}api/${path}${query}`, { ...options, token: person?.token }, timeoutMs);
    } catch (error) {
      // Of a link that belongs to another account this says nothing about who is signed in here.
      if (error.code === "not_signed_in" && path !== "account/verify") this.#onSignedOut();
      throw error;
    }
  }
}
