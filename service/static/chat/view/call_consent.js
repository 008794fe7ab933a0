import { t } from "../strings.js";
import { el } from "./dom.js";
import { sensedDisclosure } from "./sensed.js";

const SHOWN = ["voice", "face"];

/**
 * What is assessed during the call, always in sight, and what was sensed, behind one tap.
 *
 * A switch shows what the server has stored and uses in calls. Switching the face off stops the camera before the server is even asked.
 */
export class CallConsentView {
  #box;
  #ask;
  #consent;
  #call;
  #say;
  #moves = Promise.resolve();
  #conversation;
  #acts;
  #sensedOf = null;
  // Allowed under a notice that said nothing of calls: not used in one until the customer says yes again.
  #uncovered = new Set();
  #asked = 0;

  /** box: .call-consent. ask: .call-ask, the question before the camera. say(words): a passing note. acts: of main.js. */
  constructor({ box, ask, consent, call, conversation, acts, say }) {
    this.#box = box;
    this.#ask = ask;
    this.#consent = consent;
    this.#call = call;
    this.#conversation = conversation;
    this.#acts = acts;
    this.#say = say;
    for (const signal of SHOWN) {
      const input = this.#input(signal);
      input.addEventListener("change", () => this.#move(signal, input.checked));
    }
    ask.querySelector(".call-ask-yes").addEventListener("click", () => this.#allowCamera());
    ask.querySelector(".call-ask-no").addEventListener("click", () => this.closeAsk());
    consent.addEventListener("change", () => {
      this.#changed();
      if (call.isActive) void this.readCovered();
    });
    call.addEventListener("camera", () => this.refresh());
    conversation.addEventListener("owner", () => this.#changed());
    this.refresh();
  }

  /** The camera's button: what nobody may look at is not filmed. */
  toggleCamera() {
    const { camera } = this.#call;
    if (camera.isOn) return camera.stop();
    if (this.#conversation.owner !== "bot") return this.#say(t("callCamera_person"));
    if (this.#isOn("face")) return void camera.start();
    this.#ask.hidden = !this.#ask.hidden;
    if (!this.#ask.hidden) this.#ask.querySelector(".call-ask-no").focus();
    return undefined;
  }

  closeAsk() {
    this.#ask.hidden = true;
  }

  /** Which of the answers count in a call. */
  async readCovered() {
    const asked = (this.#asked += 1);
    const covered = await this.#call.covered();
    if (!covered || asked !== this.#asked) return;
    this.#uncovered = new Set(SHOWN.filter((signal) => !covered.includes(signal)));
    this.#changed();
  }

  #isOn(signal) {
    return this.#consent.granted[signal] && !this.#uncovered.has(signal);
  }

  refresh() {
    for (const signal of SHOWN) {
      const input = this.#input(signal);
      input.checked = this.#isOn(signal);
      const words = this.#wordsOf(signal);
      input.parentElement.querySelector("small").textContent = t(words);
      input.parentElement.dataset.on = String(words === "callOn");
    }
  }

  /** What is true of this signal at this moment, not only what is allowed. */
  #wordsOf(signal) {
    if (!this.#isOn(signal)) return "callOff";
    if (this.#conversation.owner !== "bot") return "callPaused";
    return signal === "face" && !this.#call.camera.isOn ? "callFaceWaits" : "callOn";
  }

  /** The customer's last message may be another one now. */
  refreshSensed() {
    const place = this.#box.querySelector(".call-sensed");
    if (place.querySelector("[aria-expanded=true]")) return; // It is being read.
    const last = this.#conversation.store.all().findLast(({ author, seq }) => author === "customer" && seq !== null);
    if (!last || last.id === this.#sensedOf) return;
    this.#sensedOf = last.id;
    place.replaceChildren(sensedDisclosure(el("p", { class: "call-sensed-line" }), last, this.#acts, "call-"));
  }

  #input(signal) {
    return this.#box.querySelector(`input[name=${signal}]`);
  }

  #changed() {
    const isTaken = this.#conversation.owner !== "bot";
    if (this.#call.camera.isOn && (isTaken || !this.#isOn("face"))) {
      this.#call.camera.stop();
      this.#say(t(isTaken ? "callCamera_person" : "callCamera_withdrawn"));
    }
    this.refresh();
  }

  async #allowCamera() {
    this.closeAsk();
    // It opens once the server has the yes, and not before.
    if (await this.#move("face", true)) this.toggleCamera();
  }

  #move(signal, granted) {
    if (signal === "face" && !granted) this.#call.camera.stop();
    // One after the other: a quick yes and no must arrive in this order.
    const move = this.#moves.then(async () => {
      try {
        await this.#consent.set(signal, granted);
        this.#asked += 1; // What was asked before is out of date.
        this.#uncovered.delete(signal);
        this.refresh();
        return true;
      } catch (error) {
        this.#say(t("consentFailed", { message: error.message || t("consentOffline") }));
        this.refresh();
        return false;
      }
    });
    this.#moves = move;
    return move;
  }
}
