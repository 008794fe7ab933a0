import { has, t } from "../strings.js";
import { lengthWords } from "../times.js";

/**
 * The one thing that a call has to say beside its state, most urgent first; "" for nothing. Pure but for the words.
 *
 * seen: {state: of the machine, refusal: the server's words, microphone, isBlocked, isMuted, isDead, voice, owner,
 * agent, passing: words for a moment, trouble: code or null, online}.
 */
export function noteOf({ state, refusal, microphone, isBlocked, isMuted, isDead, voice, owner, agent, passing, trouble, online }) {
  const { name, code } = state;
  if (name === "failed") return failureWords(code, refusal, online);
  if (name === "mending") return t("callMendingNote");
  if (name !== "live") return "";
  if (isBlocked) return t("callBlocked");
  if (microphone === "gone") return t("callMicGone");
  if (passing) return passing;
  if (isMuted) return t("callMutedNote");
  if (trouble) return troubleWords(trouble);
  if (isDead) return t("callDead");
  if (voice === "holding" || owner === "waiting") return t("callHoldNote");
  if (owner === "agent") return agent ? t("callAgentNote", { name: agent }) : t("callAgentNoteUnnamed");
  return "";
}

/** Why there is no call. The server's own words come first, then the browser's trouble, then what we know of it. */
function failureWords(code, refusal, online) {
  if (has(`call_${code}`)) return t(`call_${code}`);
  if (code === "unreachable" && !online) return t("callFailed_offline");
  if (refusal) return refusal;
  return t(has(`callFailed_${code}`) ? `callFailed_${code}` : "callFailed_unavailable");
}

/** What a trouble of the voice process means for the customer. */
export function troubleWords(code) {
  return t(has(`callTrouble_${code}`) ? `callTrouble_${code}` : "callTrouble_unknown");
}

/** How the call ended, for the conversation. */
export function endWords(because, seconds) {
  const key = has(`callEnded_${because}`) ? `callEnded_${because}` : "callEndedAfter";
  return t(key, { length: lengthWords(seconds) });
}

/** Whether a failure can be helped by pressing the button again. */
export function canRetry({ name, code }) {
  return name === "failed" && !["mic_framed", "http_404"].includes(code);
}
