import { el } from "./dom.js";

/**
 * The row of buttons under a bubble. actions: a list of {key(message, flags), make(message)}; an empty key means "not
 * here", another key means "made anew".
 */
export function actionRow(actions, message, flags) {
  const chosen = actions.filter((action) => action.key(message, flags) !== "");
  return el("div", { class: "actions" }, ...chosen.map((action) => action.make(message)));
}

/** Equal for two states of a message that need no new row; "" when no action applies. */
export function actionKeys(actions, message, flags) {
  const keys = actions.map((action) => action.key(message, flags));
  return keys.some((key) => key !== "") ? keys.join("|") : "";
}
