/**
 * One sound at a time: the customer's own recording, an answer read aloud, or the microphone. Whoever begins claims
 * the quiet, and everybody else stops.
 */
const others = new Map();

/** stop() is called when somebody else begins. who: a name of one's own. */
export function keepQuietFor(who, stop) {
  others.set(who, stop);
}

/** Called before making a sound or listening. */
export function claimQuiet(who) {
  for (const [name, stop] of others) if (name !== who) stop();
}
