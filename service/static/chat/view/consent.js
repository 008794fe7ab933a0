import { SIGNALS } from "../consent.js";
import { t } from "../strings.js";

/**
 * The notice with its switches, and the privacy line under the composer.
 *
 * A switch takes effect when it is moved and shows only what the server has stored. Closing the sheet allows nothing.
 */
export class ConsentView {
  #sheet;
  #line;
  #page;
  #consent;
  #firstTime = false;
  #onClosed;
  #onNotice;
  #openedBy = null;
  #moves = Promise.resolve();
  #hasSteps = false;

  /** page: carries the class is-asking while the sheet is open. */
  constructor({ sheet, line, page, consent, onClosed, onNotice }) {
    this.#sheet = sheet;
    this.#line = line;
    this.#page = page;
    this.#consent = consent;
    this.#onClosed = onClosed;
    this.#onNotice = onNotice;
    consent.addEventListener("change", () => this.#refresh());
    for (const signal of SIGNALS) {
      const input = this.#switch(signal);
      input.addEventListener("change", () => {
        const granted = input.checked;
        // One after the other: a quick yes and no must arrive in this order.
        this.#moves = this.#moves.then(() => this.#move(signal, granted));
      });
    }
    this.#find(".consent-decline").addEventListener("click", () => this.#decline());
    this.#find(".consent-continue").addEventListener("click", () => this.close());
    line.querySelector(".privacy-open").addEventListener("click", (event) => this.open({ by: event.currentTarget }));
    line.querySelector(".privacy-withdraw").addEventListener("click", () => this.#withdraw());
    this.#refresh();
  }

  get isOpen() {
    return !this.#sheet.hidden;
  }

  open({ firstTime = false, by = null } = {}) {
    this.#firstTime = firstTime;
    this.#openedBy = by;
    // The whole notice is shown; its first paragraph stands before the switches, so that a phone shows both at once.
    const [lead, ...rest] = (this.#consent.notice?.text || t("consentNotice")).split("\n\n");
    this.#find(".consent-lead").textContent = lead;
    this.#find(".consent-rest").textContent = rest.join("\n\n");
    this.#find(".consent-state").textContent = t(firstTime ? "consentFree" : "consentState");
    this.#find(".consent-links").hidden = firstTime;
    this.#find(".consent-continue").textContent = t(firstTime ? "consentContinue" : "consentDone");
    this.#say("");
    this.#refresh();
    this.#sheet.hidden = false;
    this.#page.classList.add("is-asking");
    this.#sheet.scrollTop = 0;
  }

  /** Whether the page around the chat reports steps: where it does not, there is nothing to allow. */
  set hasSteps(value) {
    this.#hasSteps = value;
    this.#refresh();
  }

  focus() {
    this.#find("h2").focus();
  }

  close() {
    if (!this.isOpen) return;
    this.#sheet.hidden = true;
    this.#page.classList.remove("is-asking");
    this.#openedBy?.focus();
    this.#onClosed({ firstTime: this.#firstTime, focused: this.#openedBy !== null });
  }

  async #decline() {
    await this.#moves;
    if (await this.#tried(() => this.#consent.withdraw())) this.close();
  }

  async #withdraw() {
    this.#line.querySelector(".privacy-open").focus();
    try {
      await this.#consent.withdraw();
      this.#onNotice(t("consentWithdrawn"));
    } catch (error) {
      this.#onNotice(failureWords(error));
    }
  }

  async #move(signal, granted) {
    if (await this.#tried(() => this.#consent.set(signal, granted))) this.#say(t("consentSaved"));
  }

  async #tried(work) {
    try {
      await work();
      return true;
    } catch (error) {
      // The sheet may have been closed meanwhile; then the conversation says it.
      if (this.isOpen) this.#say(failureWords(error), true);
      else this.#onNotice(failureWords(error));
      this.#refresh();
      return false;
    }
  }

  #refresh() {
    for (const signal of SIGNALS) this.#switch(signal).checked = this.#consent.granted[signal];
    this.#switch("behaviour").closest(".switch-row").hidden = !this.#hasSteps && !this.#consent.granted.behaviour;
    const on = SIGNALS.filter((signal) => this.#consent.granted[signal]).map((signal) => t(`signal_${signal}`));
    const words = on.length ? t("privacyOn", { signals: on.join(", ") }) : t("privacyOff");
    this.#line.querySelector(".privacy-state").textContent = words;
    this.#line.querySelector(".privacy-withdraw").hidden = !this.#consent.any;
    this.#line.dataset.on = String(this.#consent.any);
  }

  #say(words, isError = false) {
    const line = this.#find(".consent-said");
    line.textContent = words;
    line.classList.toggle("is-error", isError);
  }

  #switch(signal) {
    return this.#find(`input[name=${signal}]`);
  }

  #find(selector) {
    return this.#sheet.querySelector(selector);
  }
}

function failureWords(error) {
  return t("consentFailed", { message: error.message || t("consentOffline") });
}
