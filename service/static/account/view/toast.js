const SHOWN_MS = 6_000;

/** One line that tells what has just happened; a screen reader says it. */
export class Toast {
  #place;
  #timer = 0;

  constructor(place) {
    this.#place = place;
  }

  say(words, { wrong = false } = {}) {
    clearTimeout(this.#timer);
    this.#place.textContent = words;
    this.#place.classList.toggle("is-wrong", wrong);
    this.#timer = setTimeout(() => (this.#place.textContent = ""), SHOWN_MS + words.length * 40);
  }
}
