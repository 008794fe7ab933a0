import { backoff } from "../connection.js";

/**
 * A call as a pure state machine: no microphone, no network, no clock.
 *
 * step(state, event, options) answers {state, effects}; call.js carries the effects out.
 *
 *   idle ──press──▶ asking ──granted──▶ connecting ──live──▶ live
 *    ▲                │ refused             │  ▲               │ lost
 *    │                ▼                     ▼  └ failed: the   ▼
 *    └── dismiss ── failed ◀──refused── (other way) ────── mending ──live──▶ live
 *
 * state: {name, via: "webrtc" | "websocket" | null, tries: in vain since the line was last live, code: why it failed}.
 * options: {transports: what the server offers, first the preferred; code: of "refused"; random}.
 * Effects: "ask" (open the microphone), "call" (begin a call by state.via), "reoffer" (the same call, on a new line), "drop" (forget the line), "bye" (tell the other side), "release" (close the microphone), {wait: ms}
 * (send "due" afterwards).
 */
export const START = Object.freeze({ name: "idle", via: null, tries: 0, code: null });

/** How often a dropped line is tried again before the conversation goes on as text. */
export const MOST_TRIES = 5;

export function step(state, event, { transports = ["webrtc", "websocket"], code = null, random = Math.random } = {}) {
  const stay = { state, effects: [] };
  const { name, via, tries } = state;
  const isOpening = name === "connecting" || name === "mending";
  switch (event) {
    case "press":
      return name === "idle" || name === "failed" ? go({ name: "asking" }, ["ask"]) : stay;
    case "granted":
      return name === "asking" ? go({ name: "connecting", via: transports[0] ?? "webrtc" }, ["call"]) : stay;
    case "refused":
      return name === "asking" || isOpening ? go({ name: "failed", code }, ["drop", "release"]) : stay;
    case "live":
      return isOpening ? go({ name: "live", via }, []) : stay;
    case "lost":
      return name === "live" ? go({ name: "mending", via, tries: 1 }, ["reoffer"]) : stay;
    case "unavailable":
      // The service itself does not answer: another way to it would not either.
      return name === "mending" ? again(state, event, [], random) : stay;
    case "failed":
    case "gone":
      // The other side has ended it, not the customer: another voice process may take it up.
      if (name === "live" && event === "gone") return go({ name: "mending", via, tries: 1 }, ["drop", "call"]);
      return isOpening ? again(state, event, transports, random) : stay;
    case "due":
      return name === "mending" ? { state, effects: ["call"] } : stay;
    case "network":
      // Another network under a live call: its old way through is dead before anything notices.
      return name === "live" && via === "webrtc" ? go({ name: "mending", via, tries: 1 }, ["reoffer"]) : stay;
    case "hang-up":
      return name === "idle" ? stay : go({ name: "idle" }, ["bye", "drop", "release"]);
    case "ended":
      return name === "idle" || name === "failed" ? stay : go({ name: "idle" }, ["drop", "release"]);
    case "dismiss":
      return name === "failed" ? go({ name: "idle" }, []) : stay;
    default:
      throw new Error(`unknown call event ${event}; tries so far ${tries}`);
  }
}

function again({ name, via, tries }, event, transports, random) {
  if (tries >= MOST_TRIES) return go({ name: "failed", code: "dropped" }, ["bye", "drop", "release"]);
  const other = via === "webrtc" && transports.includes("websocket") ? "websocket" : via;
  // The server knows the call no more: the same way may work for a new one.
  if (event === "gone") return go({ name, via, tries: tries + 1 }, ["drop", "call"]);
  if (other !== via) return go({ name, via: other, tries: tries + 1 }, ["drop", "call"]);
  if (name === "connecting") return go({ name: "failed", code: "unreachable" }, ["bye", "drop", "release"]);
  return go({ name, via, tries: tries + 1 }, ["drop", { wait: backoff(tries, random) }]);
}

function go(state, effects) {
  return { state: Object.freeze({ via: null, tries: 0, code: null, ...state }), effects };
}
