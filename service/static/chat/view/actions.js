import { el } from "./dom.js";

/**
 * The row of buttons under a bubble. actions: a list of {key(message, flags), make(message)}; an empty key means "not
 * here", another key means "made anew". Answers null when no action applies.
 */
export function actionRow(actions, message, flags) {
  const chosen = actions.filter((action) => action.key(message, flags) !== "");
  if (chosen.length === 0) return null;
  return el("div", { class: "actions" }, ...chosen.map((action) => action.make(message)));
}

/** Equal for two states of a message that need no new row. */
export function actionKeys(actions, message, flags) {
  return actions.map((action) => action.key(message, flags)).join("|");
}
