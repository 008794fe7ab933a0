import { t } from "../strings.js";
import { lengthWords } from "../times.js";
import { fileName } from "../voice/formats.js";
import { claimQuiet } from "../voice/quiet.js";
import { Recorder } from "../voice/recorder.js";
import { icon } from "./dom.js";
import { Meter } from "./meter.js";
import { Press } from "./press.js";

const UNTIL_PAUSE = "attune.voice.pause";
const REVIEW = "review";
const SHORT_S = 0.6;
const COUNT_DOWN_S = 15;
const NOTHING_AFTER_S = 4;
const WHY_REVIEW = { limit: "voiceLimit", hidden: "voiceHidden", unplugged: "voiceUnplugged", silence: "voiceUnsure" };

/**
 * The voice message in the writing line. Hold the microphone and let go to send; or tap it, speak, and pause.
 *
 * States (data-voice of the form): idle, asking, recording, review, refused. The microphone button keeps its place in
 * all of them: it begins, stops, or begins again. Whatever is said about it stands above the line, so nothing moves
 * under the finger.
 */
export class VoiceView {
  #form;
  #parts;
  #recorder = new Recorder();
  #meter;
  #playback;
  #limits;
  #onSend;
  #onEnd;
  #storage;
  #state = "idle";
  #held = false;
  #taken = null;

  /** playback: of the conversation. limits() answers the server's. onSend(file, seconds); onEnd() when it is idle again. */
  constructor({ form, playback, limits, storage, onSend, onEnd }) {
    this.#form = form;
    this.#playback = playback;
    this.#limits = limits;
    this.#storage = storage;
    this.#onSend = onSend;
    this.#onEnd = onEnd;
    const find = (name) => form.querySelector(`.${name}`);
    this.#parts = {
      mic: find("mic"), head: find("voice-head"), note: find("voice-note"), pause: find("voice-pause"), close: find("voice-close"),
      retry: find("voice-retry"), cancel: find("voice-cancel"), again: find("voice-again"), play: find("voice-play"),
      time: find("voice-time"), said: find("voice-said"), send: find("send"),
    };
    this.#meter = new Meter(find("voice-meter"));
    for (const [part, name] of [["cancel", "close"], ["again", "again"], ["close", "close"]]) this.#parts[part].append(icon(name));
    this.#listen();
    this.#enter("idle");
  }

  /** Something is being recorded or waits to be sent. */
  get isActive() {
    return this.#state === "asking" || this.#state === "recording" || this.#state === "review";
  }

  get isOpen() {
    return this.#state !== "idle";
  }

  /** The customer's own button for "send" was pressed. */
  send() {
    if (this.#state === "recording") this.#recorder.stop("send");
    else if (this.#state === "review") this.#deliver(this.#taken);
  }

  /** Begin by a tap's way, as "Record again" does. */
  begin() {
    if (this.#state === "recording" || this.#state === "asking") return;
    this.#forget();
    this.#held = false;
    this.#start();
    this.#parts.mic.focus({ preventScroll: true });
  }

  /** The shop has hidden the chat: nobody is recorded, or sounds, by what they do not see. */
  leave() {
    this.#recorder.stop("hidden");
    this.#playback.stop();
  }

  cancel() {
    const had = this.isActive;
    this.#recorder.cancel();
    this.#forget();
    this.#enter("idle");
    if (had) this.#parts.said.textContent = t("voiceCancelled");
    this.#parts.mic.focus({ preventScroll: true });
  }

  #listen() {
    const { mic, pause, close, retry, cancel, again, play } = this.#parts;
    const untilPause = pause.querySelector("input");
    untilPause.checked = this.#storage.get(UNTIL_PAUSE) !== "no";
    untilPause.addEventListener("change", () => {
      this.#storage.set(UNTIL_PAUSE, untilPause.checked ? "yes" : "no");
      this.#recorder.untilPause = !this.#held && untilPause.checked;
    });
    new Press(mic, {
      mayBegin: () => this.#state === "idle" || this.#state === "refused",
      onBegin: () => {
        this.#held = true;
        this.#start();
      },
      onTap: () => this.#letGo(),
      onRelease: ({ away }) => this.#released(away),
      onAway: (away) => this.#held && this.#say(t(away ? "voiceHoldAway" : "voiceHold")),
      onClick: () => (this.#state === "recording" ? this.#recorder.stop(REVIEW) : this.begin()),
    });
    cancel.addEventListener("click", () => this.cancel());
    close.addEventListener("click", () => this.cancel());
    retry.addEventListener("click", () => this.begin());
    again.addEventListener("click", () => this.#restart());
    play.addEventListener("click", () => this.#playback.toggle(REVIEW));
    this.#playback.addEventListener("change", ({ detail }) => detail === REVIEW && this.#drawPlay());
    this.#recorder.addEventListener("state", () => {
      if (this.#recorder.state === "recording") this.#enter("recording");
      else if (this.#recorder.state === "idle" && this.#state === "asking") this.#enter("idle");
    });
    this.#recorder.addEventListener("level", ({ detail }) => this.#measured(detail));
    this.#recorder.addEventListener("done", ({ detail }) => this.#done(detail));
    this.#recorder.addEventListener("failed", ({ detail }) => this.#refused(detail));
  }

  #start() {
    claimQuiet("microphone");
    this.#enter("asking");
    void this.#recorder.start(this.#limits());
  }

  /** A tap: from here on the hand is free. */
  #letGo() {
    this.#held = false;
    if (this.#state === "recording") this.#enter("recording");
  }

  #released(away) {
    // Whoever had to answer the browser's question could not go on holding.
    if (this.#state === "asking") return this.#letGo();
    if (this.#state !== "recording") return;
    if (away) this.cancel();
    else this.#recorder.stop("send");
  }

  #restart() {
    this.#recorder.cancel();
    this.#state = "idle";
    this.begin();
  }

  #enter(state) {
    this.#state = state;
    this.#form.dataset.voice = state;
    const { mic, pause, time, send, said } = this.#parts;
    const hands = state === "recording" && !this.#held;
    this.#recorder.untilPause = hands && pause.querySelector("input").checked;
    pause.hidden = !hands;
    mic.replaceChildren(icon(state === "recording" ? "stop" : "mic"));
    mic.setAttribute("aria-label", t({ recording: "voiceStop", review: "voiceAgain" }[state] ?? "voiceRecord"));
    send.setAttribute("aria-label", t(this.isActive ? "voiceSend" : "send"));
    if (this.isActive) send.disabled = state === "asking";
    if (state === "asking") this.#say(t("voiceAsking"));
    if (state === "recording") {
      said.textContent = "";
      this.#say(t(this.#held ? "voiceHold" : this.#recorder.untilPause ? "voiceListeningPause" : "voiceListening"));
      time.textContent = lengthWords(0);
      this.#meter.clear();
    }
    if (state === "idle") {
      this.#say("");
      this.#onEnd();
    }
  }

  #measured({ db, seconds, leftS, spoken }) {
    this.#meter.take(db, seconds);
    const isEnding = leftS <= COUNT_DOWN_S;
    this.#parts.time.textContent = isEnding ? `−${lengthWords(Math.max(0, Math.ceil(leftS)))}` : lengthWords(seconds);
    // Said in steps of five seconds: a screen reader would talk into the recording otherwise.
    if (isEnding) return this.#say(t("voiceLeft", { seconds: Math.max(5, Math.ceil(leftS / 5) * 5) }));
    if (this.#held) return undefined;
    if (!spoken && seconds > NOTHING_AFTER_S) return this.#say(t("voiceNothing"));
    if (this.#recorder.untilPause) return this.#say(t(spoken ? "voiceHeard" : "voiceListeningPause"));
    return this.#say(t("voiceListening"));
  }

  #done(taken) {
    this.#held = false;
    const why = whyReview(taken);
    if (why === null) return this.#deliver(taken);
    this.#taken = taken;
    this.#playback.hold(REVIEW, taken.blob, taken.seconds);
    this.#enter("review");
    this.#say(t(why), why !== "voiceReview");
    this.#drawPlay();
    return this.#parts.send.focus({ preventScroll: true });
  }

  #deliver({ blob, seconds }) {
    this.#forget();
    this.#onSend(new File([blob], fileName(blob.type), { type: blob.type }), seconds);
    this.#enter("idle");
    this.#parts.said.textContent = t("voiceSent");
    this.#parts.mic.focus({ preventScroll: true });
  }

  #refused(code) {
    this.#held = false;
    this.#enter("refused");
    this.#say(t(`mic_${code}`), true);
    this.#parts.retry.hidden = ["insecure", "unsupported", "framed"].includes(code);
  }

  #forget() {
    this.#taken = null;
    this.#playback.drop(REVIEW);
  }

  #drawPlay() {
    const { play } = this.#parts;
    const isPlaying = this.#playback.isPlaying(REVIEW);
    play.replaceChildren(icon(isPlaying ? "stop" : "play"), lengthWords(this.#playback.seconds(REVIEW) ?? 0));
    play.setAttribute("aria-label", t(isPlaying ? "voicePause" : "voicePlay"));
  }

  #say(words, isError = false) {
    const { head, note } = this.#parts;
    if (note.textContent !== words) note.textContent = words;
    note.classList.toggle("is-error", isError);
    head.hidden = words === "";
  }
}

/** The words that a recording is held back with; null when it goes at once. */
function whyReview({ reason, seconds, spoken, isDead }) {
  if (seconds < SHORT_S && reason === "send") return "voiceShort";
  if (isDead) return "voiceSilent";
  if (WHY_REVIEW[reason]) return WHY_REVIEW[reason];
  if (reason === REVIEW) return "voiceReview";
  return spoken === false ? "voiceUnsure" : null;
}
