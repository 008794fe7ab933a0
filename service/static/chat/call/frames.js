/** What the voice process tells the page, whichever way it comes. Unknown and broken frames are null. */
export const VOICE_STATES = ["listening", "hearing", "thinking", "speaking", "holding"];

/** text: one frame as it came. Answers the frame if it has the shape that its type needs. */
export function readFrame(text) {
  let frame;
  try {
    frame = JSON.parse(text);
  } catch {
    return null;
  }
  if (frame === null || typeof frame !== "object") return null;
  switch (frame.type) {
    case "state":
      return VOICE_STATES.includes(frame.state) ? frame : null;
    case "caption":
      return typeof frame.reply === "string" && typeof frame.text === "string" ? frame : null;
    case "broken_off":
    case "resumed":
      return typeof frame.reply === "string" ? frame : null;
    case "not_heard":
    case "trouble":
      return typeof frame.code === "string" ? frame : null;
    case "bye":
    case "pong":
      return frame;
    default: // A newer server may say more than this page knows.
      return null;
  }
}
