import { canCall } from "../call/devices.js";
import { t } from "../strings.js";
import { lengthWords } from "../times.js";
import { CallCaptions } from "./call_captions.js";
import { CallConsentView } from "./call_consent.js";
import { canRetry, endWords, noteOf, troubleWords } from "./call_notes.js";
import { icon } from "./dom.js";
import { Meter } from "./meter.js";

const PASSING_MS = 8_000;
const STATES = { asking: "callAsking", connecting: "callConnecting", mending: "callMending", failed: "callFailed" };
const VOICES = { listening: "callListening", hearing: "callHearing", thinking: "callThinking", speaking: "callSpeaking", holding: "callHolding" };

/**
 * The call on the page: the button that begins it, and the panel above the conversation.
 *
 * data-call of the panel: asking, connecting, live, mending, failed. data-voice: what the assistant is doing. The
 * conversation, the writing line and "Talk to a person" stay usable all the time.
 */
export class CallView {
  #call;
  #conversation;
  #parts;
  #panel;
  #page;
  #begin;
  #meter;
  #captions;
  #consentView;
  #onNotice;
  #clock = 0;
  #passingTimer = 0;
  #seen = { voice: "listening", isBlocked: false, isDead: false, passing: "", trouble: null };

  /** panel: #call. begin: the button. page: carries is-calling. onNotice(text): a line of the conversation. onBegin(). */
  constructor({ panel, begin, page, log, call, consent, conversation, acts, onNotice, onBegin }) {
    this.#panel = panel;
    this.#begin = begin;
    this.#page = page;
    this.#call = call;
    this.#conversation = conversation;
    this.#onNotice = onNotice;
    const find = (name) => panel.querySelector(`.${name}`);
    this.#parts = {
      state: find("call-state"), time: find("call-time"), note: find("call-note"), again: find("call-again"), dismiss: find("call-dismiss"),
      mute: find("call-mute"), camera: find("call-camera"), quiet: find("call-quiet"), person: find("call-person"), end: find("call-end"),
      preview: find("call-preview"), video: panel.querySelector("video"),
    };
    this.#meter = new Meter(find("call-meter"));
    this.#captions = new CallCaptions({ line: find("call-caption"), log });
    this.#consentView = new CallConsentView({
      box: find("call-consent"), ask: find("call-ask"), consent, call, acts, conversation, say: (words) => this.#pass(words),
    });
    begin.addEventListener("click", () => {
      onBegin();
      this.#call.begin();
    });
    this.#control();
    this.#follow();
    this.#draw();
  }

  /** Offer the button where shop and browser can. */
  offer(isAvailable) {
    this.#begin.hidden = !(isAvailable && canCall());
  }

  /** The assistant is heard: what is spoken need not be announced as well. */
  get isHeard() {
    return this.#call.state.name === "live";
  }

  #control() {
    const { mute, camera, quiet, person, end, again, dismiss } = this.#parts;
    mute.addEventListener("click", () => this.#call.mute(!this.#call.isMuted));
    camera.addEventListener("click", () => this.#toggleCamera());
    quiet.addEventListener("click", () => this.#call.stopTalking());
    person.addEventListener("click", () => this.#conversation.owner === "bot" && this.#conversation.callPerson());
    end.addEventListener("click", () => this.#call.hangUp());
    again.addEventListener("click", () => this.#retry());
    dismiss.addEventListener("click", () => this.#call.dismiss());
    label(quiet, "speakerOff", t("callQuiet"));
    label(person, "person", t("callPerson"));
    label(end, "hangUp", t("callEnd"));
  }

  #follow() {
    const on = (type, act) => this.#call.addEventListener(type, ({ detail }) => act(detail));
    const see = (change) => {
      Object.assign(this.#seen, change);
      this.#draw();
    };
    on("state", () => this.#entered());
    on("voice", (voice) => {
      if (voice !== "hearing" && voice !== "speaking") this.#captions.forgetBroken();
      see({ voice });
    });
    on("caption", (caption) => this.#captions.take(caption));
    on("broken_off", (frame) => this.#captions.breakOff(frame));
    on("resumed", (frame) => this.#captions.resume(frame));
    on("not_heard", () => this.#pass(t("callNotHeard")));
    on("trouble", ({ code }) => (code === "recogniser" || code === "voice" ? see({ trouble: code }) : this.#pass(troubleWords(code))));
    on("level", (db) => this.#meter.take(db, performance.now() / 1000));
    on("dead", (isDead) => see({ isDead }));
    on("blocked", (isBlocked) => see({ isBlocked }));
    on("muted", () => this.#draw());
    on("microphone", () => this.#draw());
    on("camera", () => this.#drawCamera());
    on("camera-failed", (code) => this.#pass(t(`callCamera_${code}`)));
    // Who hangs up before anybody answered needs no report of it.
    on("ended", ({ because, seconds }) => (seconds > 0 || because !== "hung_up") && this.#onNotice(endWords(because, seconds)));
    this.#conversation.addEventListener("owner", () => this.#draw());
    this.#conversation.addEventListener("message", () => {
      if (!this.#call.isActive) return;
      this.#captions.redraw();
      this.#consentView.refreshSensed();
    });
  }

  #entered() {
    const { name } = this.#call.state;
    clearInterval(this.#clock);
    if (name === "live") {
      this.#clock = setInterval(() => this.#tick(), 500);
      this.#consentView.refreshSensed();
    }
    if (name === "asking") void this.#consentView.readCovered();
    if (name === "asking") this.#seen = { voice: "listening", isBlocked: false, isDead: false, passing: "", trouble: null };
    if (name === "asking" || name === "idle") this.#meter.clear();
    if (name !== "live") this.#captions.clear();
    if (name === "idle" || name === "failed") this.#consentView.closeAsk();
    const hadFocus = this.#panel.contains(document.activeElement) || document.activeElement === this.#begin;
    this.#draw();
    this.#tick();
    if (hadFocus) this.#focus(name);
  }

  /** Who pressed a button that is gone now goes on from the one that took its place. */
  #focus(name) {
    const { again, dismiss, end } = this.#parts;
    const next = { idle: this.#begin, failed: again.hidden ? dismiss : again, asking: end }[name];
    next?.focus({ preventScroll: true });
  }

  #toggleCamera() {
    if (this.#call.state.via === "websocket") return this.#pass(t("callCamera_line"));
    return this.#consentView.toggleCamera();
  }

  #retry() {
    if (this.#call.state.name === "failed") this.#call.begin();
    else if (this.#seen.isBlocked) this.#call.unblock();
    else void this.#call.reopenMicrophone();
  }

  #draw() {
    const { name } = this.#call.state;
    const { voice, isBlocked } = this.#seen;
    const { state, note, again, dismiss, mute, person } = this.#parts;
    const { owner, agent } = this.#conversation;
    this.#panel.hidden = name === "idle";
    this.#panel.dataset.call = name;
    this.#panel.dataset.voice = voice;
    this.#page.classList.toggle("is-calling", this.#call.isActive);
    this.#page.classList.toggle("has-call", name !== "idle");
    const { isMuted, microphone, refusal } = this.#call;
    const isDeaf = isMuted && voice === "listening"; // Nothing is listened to then, whatever the other side believes.
    this.#panel.toggleAttribute("data-deaf", isDeaf);
    say(state, t(STATES[name] ?? (isDeaf ? "callMuted" : VOICES[voice])));
    say(note, noteOf({ ...this.#seen, state: this.#call.state, refusal, microphone, isMuted, owner, agent, online: navigator.onLine !== false }));
    note.classList.toggle("is-error", name === "failed");
    const isGone = name === "live" && microphone === "gone";
    again.hidden = !(canRetry(this.#call.state) || isGone || (name === "live" && isBlocked));
    say(again, t(isBlocked && name === "live" ? "callUnblock" : "tryAgain"));
    dismiss.hidden = name !== "failed";
    mute.setAttribute("aria-pressed", String(isMuted));
    label(mute, isMuted ? "micOff" : "mic", t("callMute"));
    person.setAttribute("aria-disabled", String(owner !== "bot"));
    this.#drawCamera();
  }

  #drawCamera() {
    const { camera, preview, video } = this.#parts;
    const { isOn, stream } = this.#call.camera;
    camera.setAttribute("aria-pressed", String(isOn));
    camera.setAttribute("aria-disabled", String(this.#call.state.via === "websocket"));
    label(camera, isOn ? "camera" : "cameraOff", t("callCamera"));
    preview.hidden = !isOn;
    if (video.srcObject !== stream) video.srcObject = stream;
  }

  #tick() {
    this.#parts.time.textContent = this.#call.isActive && this.#call.seconds > 0 ? lengthWords(this.#call.seconds) : "";
  }

  /** Words for a moment. */
  #pass(words) {
    clearTimeout(this.#passingTimer);
    this.#seen.passing = words;
    this.#draw();
    this.#passingTimer = setTimeout(() => {
      this.#seen.passing = "";
      this.#draw();
    }, PASSING_MS);
  }
}

/** Unchanged words stay as they are, so that nothing announces them again. */
function say(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

function label(node, sign, words) {
  if (node.dataset.sign === sign && node.lastChild?.textContent === words) return;
  node.dataset.sign = sign;
  const text = document.createElement("span");
  text.textContent = words;
  node.replaceChildren(icon(sign), text);
}
