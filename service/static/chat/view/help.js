import { t } from "../strings.js";
import { button, el } from "./dom.js";

/** The offer of help above the writing line, while the chat is open and rests. It waits, takes no focus, and sells nothing. */
export class HelpView {
  #place;
  #onAnswer;

  /** place: an empty element with role="status", so that a screen reader says the offer. onAnswer(accepted). */
  constructor({ place, onAnswer }) {
    this.#place = place;
    this.#onAnswer = onAnswer;
  }

  offer() {
    this.#place.replaceChildren(
      el("p", { text: t("helpOffer"), testid: "help-offer" }),
      button({ class: "reply", text: t("helpYes"), testid: "help-yes", on: { click: () => this.#answer(true) } }),
      button({ class: "reply", text: t("helpNo"), testid: "help-no", on: { click: () => this.#answer(false) } }),
    );
  }

  hide() {
    this.#place.replaceChildren();
  }

  #answer(accepted) {
    this.hide();
    this.#onAnswer(accepted);
  }
}
