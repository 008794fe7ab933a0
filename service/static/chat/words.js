import { SIGNALS } from "./consent.js";
import { t } from "./strings.js";

/**
 * What was sensed in one turn, as modest sentences for the customer.
 *
 * turn: the API's turn result. allowed: whether any signal is allowed now. Answers a list of sentences.
 */
export function sensedWords(turn, { allowed }) {
  const emotion = turn?.emotion ?? null;
  const leftOut = turn?.voice_left_out === true ? [t("sensedAnotherVoice")] : [];
  if (!emotion) {
    if (!allowed) return [t("sensedNotAllowed")];
    if (leftOut.length > 0) return leftOut;
    return [turn?.answered === false ? t("sensedNotYet") : t("sensedNothing")];
  }
  const signals = SIGNALS.filter((signal) => (emotion.contributions?.[signal] ?? 0) > 0);
  // Steps tell that something is in the way, and of no feeling which it is.
  const sentences = signals.join() === "behaviour" ? [t("sensedSteps")] : [readingWords(emotion)];
  if (typeof turn.frustration === "number") {
    sentences.push(t("sensedLevel", { level: levelWord(turn.frustration), number: Math.round(turn.frustration) }));
  }
  const explanation = turn.explanation ?? [];
  sentences.push(...explanation);
  if (signals.length > 0 && explanation.length === 0) {
    const names = signals.map((signal) => t(`signal_${signal}`));
    const [last, before] = [names.at(-1), names.slice(0, -1).join(", ")];
    sentences.push(t("sensedFrom", { signals: before ? before + t("and") + last : last }));
  }
  sentences.push(...leftOut, t("sensedCare"));
  return sentences;
}

function readingWords(emotion) {
  const percent = Math.round((emotion.confidence ?? 0) * 100);
  if (emotion.mixed) return t("sensedMixed", { percent });
  const key = emotion.certain === false ? "sensedUncertain" : "sensedReading";
  return t(key, { label: labelWord(emotion.label), percent });
}

function labelWord(label) {
  const known = ["anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral"];
  return known.includes(label) ? t(`label_${label}`) : String(label);
}

/** frustration: 0 to 100. */
function levelWord(frustration) {
  if (frustration < 25) return t("levelLow");
  if (frustration < 50) return t("levelSome");
  return frustration < 75 ? t("levelRaised") : t("levelHigh");
}
