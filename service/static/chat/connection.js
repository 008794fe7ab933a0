/**
 * The connection as a pure state machine: no socket, no clock, no browser.
 *
 * step(state, event, random) answers {state, effects}. The driver (socket.js) carries the effects out.
 *
 *   idle ──start──▶ connecting ──opened──▶ greeting ──hello──▶ online
 *                      ▲   └────────closed────────┴──closed──────┘
 *                      │                    ▼
 *                      └──────due──────  waiting      (any) ──network-off──▶ offline ──network-on──▶ connecting
 *
 * Effects: "open", "greet", "close", "probe" (ask over HTTP whether the conversation still exists), and
 * {wait: milliseconds} (send "due" afterwards).
 */
export const FIRST_WAIT_MS = 500;
export const LONGEST_WAIT_MS = 20_000;

export const START = Object.freeze({ name: "idle", attempts: 0 });

/** Exponential, with full jitter in the upper half: a restarted server is not hit by all browsers at once. */
export function backoff(attempts, random) {
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts, 10));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}

export function step(state, event, random = Math.random) {
  const stay = { state, effects: [] };
  switch (event) {
    case "start":
      return state.name === "idle" ? go("connecting", state.attempts, ["open"]) : stay;
    case "opened":
      return state.name === "connecting" ? go("greeting", state.attempts, ["greet"]) : stay;
    case "hello":
      return state.name === "greeting" ? go("online", 0, []) : stay;
    case "closed":
      return afterLoss(state, random) ?? stay;
    case "due":
      return state.name === "waiting" ? go("connecting", state.attempts, ["open"]) : stay;
    case "silent":
      // Nothing came for too long: the line is dead even if the browser has not noticed.
      return isLive(state) ? withClose(afterLoss(state, random)) : stay;
    case "network-off":
      return state.name === "idle" || state.name === "ended" ? stay : go("offline", state.attempts, ["close"]);
    case "network-on":
      return state.name === "offline" || state.name === "waiting" ? go("connecting", 0, ["open"]) : stay;
    case "end":
      return go("ended", 0, ["close"]);
    case "restart":
      return go("connecting", 0, ["close", "open"]);
    default:
      throw new Error(`unknown connection event ${event}`);
  }
}

function isLive(state) {
  return state.name === "connecting" || state.name === "greeting" || state.name === "online";
}

function afterLoss(state, random) {
  if (!isLive(state)) return null;
  const attempts = state.attempts + 1;
  const effects = [{ wait: backoff(attempts - 1, random) }];
  // A line that never came to a greeting may mean that the conversation is gone; HTTP gives a clear answer.
  if (state.name !== "online") effects.unshift("probe");
  return go("waiting", attempts, effects);
}

function withClose(result) {
  return { state: result.state, effects: ["close", ...result.effects] };
}

function go(name, attempts, effects) {
  return { state: Object.freeze({ name, attempts }), effects };
}
