/**
 * The product and cart panes. They are not modal: the chat stays usable beside them, so that a customer can ask
 * about what is open. One pane at a time; Escape, the veil and the close button close it; focus goes back.
 */
export class Panes {
  #veil;
  #open = null;
  #before = null;
  #onClosed = null;

  constructor(veil) {
    this.#veil = veil;
    veil.addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  /** again: the same content with more in it, so that reader and focus stay where they are. */
  show(dialog, content, { onClosed = null, again = false } = {}) {
    const sameAgain = this.#open === dialog;
    if (!sameAgain) {
      const before = this.#open ? this.#before : document.activeElement;
      this.close({ restoreFocus: false });
      this.#before = before;
      dialog.show();
    }
    this.#open = dialog;
    this.#onClosed = onClosed;
    const scrolled = dialog.scrollTop;
    const focused = again ? [...dialog.querySelectorAll("button, h2")].indexOf(document.activeElement) : -1;
    dialog.replaceChildren(...content);
    dialog.scrollTop = again ? scrolled : 0;
    this.#veil.hidden = false;
    document.documentElement.classList.add("has-pane");
    if (!again) dialog.querySelector("h2")?.focus();
    else if (focused >= 0) [...dialog.querySelectorAll("button, h2")][focused]?.focus({ preventScroll: true });
  }

  isShowing(dialog) {
    return this.#open === dialog;
  }

  close({ restoreFocus = true } = {}) {
    if (!this.#open) return;
    this.#open.close();
    this.#open = null;
    this.#veil.hidden = true;
    document.documentElement.classList.remove("has-pane");
    this.#onClosed?.();
    if (restoreFocus) this.#before?.focus();
  }
}
