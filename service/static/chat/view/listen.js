import { Blocked } from "../speaker.js";
import { t } from "../strings.js";
import { button, el, icon } from "./dom.js";
import { markHeard } from "./heard.js";

const ALOUD = "attune.aloud";
const OFFERED = "attune.aloud.offered";

/**
 * Answers read out: "Listen" beside their time, and the switch that reads new ones as they arrive.
 *
 * It stops when the customer writes, speaks, leaves the page or presses Stop. Nothing of it is seen where the server
 * has no voice.
 */
export class ListenView {
  #speaker;
  #conversation;
  #log;
  #toggle;
  #offer = null;
  #form;
  #storage;
  #mayBegin;
  #notice;
  #isHere = false;
  #newest = null;

  /**
   * log, close, form: elements; the switch stands before the close button, the offer before the form. mayBegin(): whether answers
   * may be read without being asked for now. notice(text) shows a line of the page.
   */
  constructor({ log, close, form, speaker, conversation, storage, mayBegin, notice }) {
    this.#log = log;
    this.#form = form;
    this.#speaker = speaker;
    this.#conversation = conversation;
    this.#storage = storage;
    this.#mayBegin = mayBegin;
    this.#notice = notice;
    this.#toggle = button(
      { class: "aloud", testid: "read-aloud", attributes: { "aria-pressed": "false", hidden: true }, on: { click: () => this.#switch(!this.isOn) } },
      icon("speaker"),
      el("span", { text: t("readAloud") }),
    );
    close.before(this.#toggle);
    speaker.addEventListener("change", () => this.#draw());
    speaker.addEventListener("failed", ({ detail }) => this.#failed(detail.error));
    speaker.addEventListener("empty", () => notice(t("listenEmpty")));
    conversation.addEventListener("speaks", ({ detail }) => this.#take(detail));
    conversation.addEventListener("message", ({ detail }) => this.#heardOf(conversation.store.get(detail)));
    conversation.addEventListener("synced", () => (this.#newest ??= conversation.store.highest));
    conversation.addEventListener("begun", () => (this.#newest = null));
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.stop());
    window.addEventListener("pagehide", () => this.stop());
    this.#drawToggle();
  }

  get isOn() {
    return this.#isHere && this.#storage.get(ALOUD) === "yes";
  }

  get isReading() {
    return this.#speaker.reading !== null;
  }

  stop() {
    this.#speaker.stop();
  }

  /** "Listen" for the line under an answer; null where there is no voice or nothing to read. */
  button({ id, author, ...message }) {
    if (!this.#isHere || author === "customer" || !hasWords(message)) return null;
    const listen = button({ class: "listen", testid: "listen", attributes: { "data-of": id }, on: { click: () => this.#pressed(id) } });
    drawButton(listen, this.#speaker.reading === id);
    return listen;
  }

  #take(isHere) {
    this.#isHere = isHere;
    this.#log.dataset.speaks = isHere ? "yes" : "no";
    this.#toggle.hidden = !isHere;
    if (!isHere) this.#endOffer();
    this.#drawToggle();
  }

  #switch(on) {
    this.#storage.set(ALOUD, on ? "yes" : "no");
    this.#storage.set(OFFERED, "yes");
    this.#endOffer();
    this.#drawToggle();
    if (!on) this.stop();
  }

  #drawToggle() {
    this.#toggle.setAttribute("aria-pressed", String(this.isOn));
    this.#toggle.setAttribute("aria-label", t("readAloudLabel"));
    this.#toggle.title = t("readAloudLabel");
    this.#toggle.replaceChild(icon(this.isOn ? "speaker" : "speakerOff"), this.#toggle.firstChild);
  }

  #heardOf(message) {
    if (!message) return;
    if (message.author === "customer") {
      // Whoever writes or speaks wants to be listened to.
      if (message.sending === "pending") {
        this.stop();
        if (this.#offer?.dataset.after !== message.id) this.#endOffer();
      }
      if (message.audio && message.seq !== null) this.#offerOnce(message.id);
      return;
    }
    if (this.#newest === null || message.seq <= this.#newest) return;
    this.#newest = message.seq;
    if (this.isOn && hasWords(message) && document.visibilityState === "visible" && this.#mayBegin()) this.#speaker.add(message.id);
  }


  #pressed(id) {
    if (this.#speaker.reading === id) this.stop();
    else this.#speaker.read(id);
  }

  #draw() {
    const { reading, part } = this.#speaker;
    for (const listen of this.#log.querySelectorAll(".listen")) drawButton(listen, listen.dataset.of === reading);
    markHeard(this.#log, reading, part);
  }

  #failed(error) {
    if (error instanceof Blocked) return this.#notice(t("listenBlocked"));
    if (error.code === "no_voice") this.#take(false);
    return this.#notice(t("listenFailed", { message: error.message || t("refusedUnreachable") }));
  }

  /** After the first voice message, quietly, and never again. Whoever goes on without an answer has answered. */
  #offerOnce(after) {
    if (!this.#isHere || this.isOn || this.#offer || this.#newest === null || this.#storage.get(OFFERED) === "yes") return;
    this.#storage.set(OFFERED, "yes");
    this.#offer = el(
      "div",
      { class: "aloud-offer", testid: "aloud-offer", attributes: { role: "status", "data-after": after } },
      el("span", { text: t("readAloudOffer") }),
      button({ class: "link", text: t("readAloudYes"), testid: "aloud-yes", on: { click: () => this.#switch(true) } }),
      button({ class: "link", text: t("readAloudNo"), testid: "aloud-no", on: { click: () => this.#endOffer() } }),
    );
    this.#form.before(this.#offer);
  }

  #endOffer() {
    this.#offer?.remove();
    this.#offer = null;
  }
}

function hasWords(message) {
  return message.text.trim() !== "" || message.suggestions.length > 0 || message.buttons.length > 0;
}

function drawButton(listen, isReading) {
  listen.classList.toggle("is-reading", isReading);
  listen.replaceChildren(icon(isReading ? "stop" : "speaker"), t(isReading ? "listenStop" : "listen"));
  listen.setAttribute("aria-label", t(isReading ? "listenStopLabel" : "listenLabel"));
}
