import { t } from "../strings.js";
import { button, icon } from "./dom.js";

const LONGEST_SIDE = 960;
const QUALITY = 0.85;

/**
 * A photo of the customer that goes with the next message. It stays in this page's memory, and only while the customer
 * allows the face: withdrawing drops it. place: where it is named; say(words) tells what is wrong.
 */
export class PhotoView {
  #place;
  #consent;
  #say;
  #blob = null;

  constructor({ place, consent, say }) {
    this.#place = place;
    this.#consent = consent;
    this.#say = say;
    consent.addEventListener("change", () => !this.isAllowed && this.#hold(null));
  }

  get isAllowed() {
    return this.#consent.granted.face;
  }

  /** Hold a chosen file, made smaller; the copy carries neither place nor time. */
  async choose(file) {
    try {
      const blob = await smaller(file);
      this.#hold(this.isAllowed ? blob : null);
    } catch {
      this.#say(t("photoUnreadable", { name: file.name }));
    }
  }

  /** The photo for the message that is being sent, or null; it is held no longer. */
  take() {
    const blob = this.#blob;
    this.#hold(null);
    return blob;
  }

  #hold(blob) {
    this.#blob = blob;
    this.#place.replaceChildren();
    this.#place.hidden = blob === null;
    if (blob === null) return;
    const words = document.createElement("span");
    words.className = "about-ask";
    words.textContent = t("photoHeld");
    const drop = button(
      { class: "about-drop", testid: "photo-drop", attributes: { "aria-label": t("photoDrop") }, on: { click: () => this.#hold(null) } },
      icon("close"),
    );
    this.#place.append(words, drop);
  }
}

async function smaller(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const factor = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * factor));
  canvas.height = Math.max(1, Math.round(image.height * factor));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (blob === null) throw new Error("no picture");
  return blob;
}
