import { ApiError } from "../api.js";
import { newMessageId } from "../outbox.js";
import { refusalOf } from "../refusal.js";
import { t } from "../strings.js";
import { button, el, icon } from "./dom.js";

const LONGEST = 4000;

/**
 * Correcting what was heard, in the bubble itself. What is being written survives that the bubble is drawn again,
 * and a correction that did not get through is sent again under the same id.
 */
export class CorrectionView {
  #correct;
  #redraw;
  #afterwards;
  /** message id → {id of the correction, text, node}. */
  #open = new Map();

  /** correct(messageId, id, text) raises ApiError; redraw() the log; afterwards() puts the focus somewhere useful. */
  constructor({ correct, redraw, afterwards }) {
    this.#correct = correct;
    this.#redraw = redraw;
    this.#afterwards = afterwards;
  }

  isOpen(id) {
    return this.#open.has(id);
  }

  /** The action for the row under a message. */
  get action() {
    const isOpenToIt = (m) => m.author === "customer" && m.audio && !m.sending && m.seq !== null && !m.corrected_by;
    return {
      // What was said before something else is history, and a button under each of it is noise.
      key: (message, { latest }) => (latest && isOpenToIt(message) && !this.isOpen(message.id) ? "correct" : ""),
      make: (message) =>
        button(
          { class: "action", testid: "correct", attributes: { "data-correct": message.id }, on: { click: () => this.#begin(message) } },
          icon("pencil"),
          t("correct"),
        ),
    };
  }

  /** The editor that stands in the bubble's place. */
  node(message) {
    const held = this.#open.get(message.id);
    held.node ??= this.#editor(message, held);
    return held.node;
  }

  #begin(message) {
    this.#open.set(message.id, { id: newMessageId(), node: null });
    this.#redraw();
    requestAnimationFrame(() => {
      const input = this.#open.get(message.id)?.node?.querySelector("textarea");
      input?.focus();
      input?.dispatchEvent(new Event("input"));
    });
  }

  #close(id) {
    this.#open.delete(id);
    this.#redraw();
  }

  #editor(message, held) {
    const input = el("textarea", {
      testid: "correct-input",
      attributes: { rows: 2, maxlength: LONGEST, "aria-label": t("correctLabel"), dir: "auto", enterkeyhint: "send" },
    });
    input.value = message.text;
    const said = el("p", { class: "correct-said", text: t("correctHint"), attributes: { role: "status" } });
    const send = button({ class: "correct-send", text: t("correctSend"), testid: "correct-send" });
    const cancel = button({ class: "correct-cancel", text: t("correctCancel"), testid: "correct-cancel" });
    const isChanged = () => input.value.trim() !== "" && input.value.trim() !== message.text;
    const refresh = () => {
      send.disabled = !isChanged();
      input.style.height = "auto";
      input.style.height = `${input.scrollHeight}px`;
    };
    const leave = () => {
      this.#close(message.id);
      requestAnimationFrame(() => document.querySelector(`[data-correct="${CSS.escape(message.id)}"]`)?.focus());
    };
    const submit = async () => {
      if (!isChanged() || input.readOnly) return;
      input.readOnly = true;
      send.disabled = true;
      show(t("correctSending"));
      try {
        await this.#correct(message.id, held.id, input.value.trim());
        this.#close(message.id);
        this.#afterwards();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        input.readOnly = false;
        send.disabled = false;
        send.textContent = t("tryAgain");
        show(refusalOf(error).message, true);
      }
    };
    const show = (words, isError = false) => {
      said.textContent = words;
      said.classList.toggle("is-error", isError);
    };
    input.addEventListener("input", refresh);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        void submit();
      }
    });
    send.addEventListener("click", submit);
    cancel.addEventListener("click", leave);
    refresh();
    const editor = el("div", { class: "correct", testid: "correct-editor" }, said, input, el("div", { class: "correct-buttons" }, cancel, send));
    editor.addEventListener("keydown", (event) => {
      // Escape leaves the correction, not the chat.
      if (event.key !== "Escape") return;
      event.stopPropagation();
      leave();
    });
    return editor;
  }
}
