/**
 * What browsers record, best first: Chromium WebM, Firefox Ogg (newer ones also WebM), Safari MP4.
 * The server tells the container by its first bytes, so a browser's own choice is welcome too.
 */
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4"];

/** The type to record in; "" leaves it to the browser. isSupported: MediaRecorder.isTypeSupported. */
export function recordingType(isSupported) {
  return TYPES.find((type) => isSupported(type)) ?? "";
}

/** A file name for a recording of this type; the type may carry parameters. */
export function fileName(type) {
  const container = /^(?:audio|video)\/(\w+)/.exec(type)?.[1];
  return `message.${{ webm: "webm", ogg: "ogg", mp4: "m4a" }[container] ?? "audio"}`;
}
