/**
 * The sound as the room has it, one channel. Echo is taken out because the page may be speaking; noise because
 * recognition suffers from it. The level is left alone: gain that moves by itself would change how the voice rises
 * and falls, which is what is assessed with consent, and would lift a pause up to the level of words.
 */
export const CONSTRAINTS = {
  audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: false },
};

const CODES = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** The microphone cannot be used. code: denied, framed, missing, busy, insecure, unsupported, elsewhere. */
export class MicrophoneError extends Error {
  constructor(code) {
    super(code);
    this.name = "MicrophoneError";
    this.code = code;
  }
}

/** A live stream of the microphone; the browser asks the customer. Raises MicrophoneError. */
export async function openMicrophone() {
  if (!navigator.mediaDevices?.getUserMedia) throw new MicrophoneError(window.isSecureContext ? "unsupported" : "insecure");
  if (typeof MediaRecorder === "undefined") throw new MicrophoneError("unsupported");
  try {
    return await navigator.mediaDevices.getUserMedia(CONSTRAINTS);
  } catch (error) {
    const code = codeOf(error);
    throw new MicrophoneError(code === "denied" && isForbiddenByFrame() ? "framed" : code);
  }
}

/** What the browser's refusal of a device comes to: denied, missing or busy. */
export function codeOf(error) {
  return CODES[error?.name] ?? "busy";
}

/** Whether the page around this one keeps the microphone from it. Only some browsers say so. */
function isForbiddenByFrame() {
  const policy = document.permissionsPolicy ?? document.featurePolicy;
  return policy?.allowsFeature?.("microphone") === false;
}

/** Ends the stream: the browser's sign that it listens goes out. */
export function closeMicrophone(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Runs `release` when given back. One tab records at a time; null when another one does. */
export function takeTurn() {
  if (!navigator.locks) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    navigator.locks
      .request("attune.microphone", { ifAvailable: true }, (lock) => {
        if (!lock) return resolve(null);
        return new Promise((release) => resolve(release));
      })
      // A frame without storage is refused locks; then nobody can say what another tab does.
      .catch(() => resolve(() => {}));
  });
}
