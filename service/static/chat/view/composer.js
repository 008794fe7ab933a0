import { t } from "../strings.js";
import { button, icon } from "./dom.js";

export const MESSAGE_LIMIT = 4000;
const COUNT_FROM = 3600;
const DRAFT = "attune.draft";
const SOUND = "audio/*,.flac,.ogg,.opus,.webm";
const PICTURE = "image/jpeg,image/png,image/webp,image/gif";
const AUDIO_NAME = /\.(wav|flac|ogg|oga|opus|mp3|m4a|webm)$/i;

/**
 * The writing line: Enter sends, Shift+Enter begins a new line, too long a text is kept and refused in words.
 * The draft survives a reload of the tab.
 */
export class Composer {
  #form;
  #input;
  #send;
  #hint;
  #file;
  #about;
  #drafts;
  #onSend;
  #onFile;
  #onPhoto;
  #fileLimit;
  #takesPhotos = false;

  /** fileLimit() answers the largest sound file in bytes. onPhoto: only while takesPhotos is true. */
  constructor({ form, drafts, fileLimit, onSend, onFile, onPhoto }) {
    this.#form = form;
    this.#drafts = drafts;
    this.#onSend = onSend;
    this.#onFile = onFile;
    this.#onPhoto = onPhoto;
    this.#fileLimit = fileLimit;
    this.#input = form.querySelector("textarea");
    this.#send = form.querySelector(".send");
    this.#hint = form.querySelector(".composer-hint");
    this.#file = form.querySelector("input[type=file]");
    this.#about = form.querySelector(".about:not(.photo)");
    this.#send.append(icon("send"));
    form.querySelector(".attach").append(icon("attach"));
    form.querySelector(".attach").addEventListener("click", () => this.#file.click());
    this.#file.addEventListener("change", () => this.#takeFile());
    this.#input.addEventListener("input", () => this.#changed());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      // While a recording has the line, the button sends that.
      if (this.#input.checkVisibility?.() ?? this.#input.offsetParent !== null) this.#submit();
    });
    this.#input.value = drafts.get(DRAFT) ?? "";
    this.#changed();
  }

  focus() {
    this.#input.focus();
  }

  /** Whether the clip takes photos beside sound. */
  set takesPhotos(takes) {
    this.#takesPhotos = takes;
    this.#file.accept = takes ? `${SOUND},${PICTURE}` : SOUND;
    this.#form.querySelector(".attach").setAttribute("aria-label", t(takes ? "attachPhoto" : "attach"));
  }

  /** Say something about the line, until it is used again. */
  say(words) {
    this.#say(words, true);
  }

  /** Whether nothing is being written. */
  get isEmpty() {
    return this.#input.value.trim() === "";
  }

  /** Look again whether the text may be sent, after something else used the line. */
  refresh() {
    this.#changed();
  }

  /** Put text into the line, in front of what is being written. */
  fill(text) {
    this.#input.value = this.#input.value ? `${text}\n${this.#input.value}` : text;
    this.#changed();
    this.focus();
  }

  /** Offer to ask about the product that the customer is looking at; null takes the offer back. */
  setAbout(item) {
    this.#about.replaceChildren();
    this.#about.hidden = item === null;
    if (item === null) return;
    const ask = button({
      class: "about-ask",
      text: t("aboutItem", { title: item.title }),
      testid: "about-item",
      on: {
        click: () => {
          this.setAbout(null);
          this.fill(t("aboutItemText", { title: item.title }));
        },
      },
    });
    const drop = button(
      { class: "about-drop", attributes: { "aria-label": t("removeAbout") }, on: { click: () => this.setAbout(null) } },
      icon("close"),
    );
    this.#about.append(ask, drop);
  }

  #key(event) {
    // While an input method composes a word, Enter chooses it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.#input.value.trim();
    if (text === "") return this.focus();
    if (!this.#fits()) return this.focus();
    this.#input.value = "";
    this.#changed();
    this.#onSend(text);
    this.focus();
  }

  #takeFile() {
    const file = this.#file.files[0];
    this.#file.value = "";
    if (!file) return;
    if (this.#takesPhotos && file.type.startsWith("image/")) {
      this.#say("", false);
      this.#onPhoto(file);
      return this.focus();
    }
    const limit = this.#fileLimit();
    const places = { name: file.name, limit: Math.floor(limit / 1024 / 1024) };
    if (!file.type.startsWith("audio/") && file.type !== "video/webm" && !AUDIO_NAME.test(file.name)) this.#say(t("notAudio", places), true);
    else if (file.size === 0) this.#say(t("audioEmpty", places), true);
    else if (file.size > limit) this.#say(t("audioTooLarge", places), true);
    else {
      this.#say("", false);
      this.#onFile(file);
    }
  }

  #changed() {
    this.#drafts.set(DRAFT, this.#input.value.slice(0, 20_000));
    this.#input.style.height = "auto";
    this.#input.style.height = `${this.#input.scrollHeight}px`;
    this.#fits();
  }

  /** Whether the text may be sent; says why not. */
  #fits() {
    const count = lengthOf(this.#input.value.trim());
    const tooLong = count > MESSAGE_LIMIT;
    if (tooLong) this.#say(t("tooLong", { count: count.toLocaleString(), limit: MESSAGE_LIMIT.toLocaleString() }), true);
    else this.#say(count >= COUNT_FROM ? t("counter", { left: MESSAGE_LIMIT - count }) : "", false);
    this.#input.setAttribute("aria-invalid", String(tooLong));
    this.#send.disabled = tooLong;
    return !tooLong;
  }

  #say(words, isError) {
    if (this.#hint.textContent !== words) this.#hint.textContent = words;
    this.#hint.hidden = words === "";
    this.#hint.classList.toggle("is-error", isError);
  }
}

/** Characters as the server counts them: code points, not UTF-16 halves. */
function lengthOf(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
