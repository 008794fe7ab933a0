import { MicrophoneError, closeMicrophone, codeOf } from "../voice/microphone.js";

/**
 * A call needs what a recording does not: a level that suits the other side's ear without anybody moving closer.
 * Echo is taken out because the assistant speaks into the same room.
 */
export const CALL_SOUND = {
  audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

// The other side looks at one small picture a second; more would only cost the customer's line.
export const CALL_PICTURE = {
  video: { facingMode: "user", width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 10, max: 15 } },
};

/** Whether this browser can hold a call at all, here, where the page stands. */
export function canCall() {
  if (!navigator.mediaDevices?.getUserMedia || typeof AudioContext === "undefined") return false;
  return transports(["webrtc", "websocket"]).length > 0 && allows("microphone");
}

/** Those of the server's ways that this browser can go, in the server's order. */
export function transports(offered) {
  const able = {
    webrtc: typeof RTCPeerConnection !== "undefined",
    websocket: typeof AudioWorkletNode !== "undefined",
  };
  return offered.filter((name) => able[name]);
}

/** Whether the page around this one leaves us a camera. */
export function canShow() {
  return allows("camera");
}

/** wish: CALL_SOUND or CALL_PICTURE. Raises MicrophoneError with its codes, for a camera too. */
export async function openDevice(wish) {
  try {
    return await navigator.mediaDevices.getUserMedia(wish);
  } catch (error) {
    const code = codeOf(error);
    throw new MicrophoneError(code === "denied" && !allows(wish.video ? "camera" : "microphone") ? "framed" : code);
  }
}

export { closeMicrophone as closeDevice };

/** Whether the page around this one leaves us a feature of the browser, where the browser says so. */
export function allows(feature) {
  const policy = document.permissionsPolicy ?? document.featurePolicy;
  return policy?.allowsFeature?.(feature) !== false;
}
