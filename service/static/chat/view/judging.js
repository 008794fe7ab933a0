import { t } from "../strings.js";
import { button, el } from "./dom.js";

const ANSWERS = ["as_shown", "less_upset", "more_upset"];

/**
 * Three answers to what was sensed: the customer's word outranks the estimate.
 *
 * turn: the API's turn result. judge(perceived) stores the answer and resolves to the turn as it is then.
 */
export function judging(turn, judge) {
  const said = el("div", { class: "judged", testid: "sensed-judged", attributes: { role: "status" } });
  const buttons = ANSWERS.map((answer) =>
    button({ class: "choice", text: t(`judge_${answer}`), testid: `sensed-${answer}`, on: { click: () => send(answer) } }),
  );
  const group = el("div", { class: "judging", attributes: { role: "group", "aria-label": t("judgeGroup") } }, ...buttons);

  function show(verdict) {
    ANSWERS.forEach((answer, index) => buttons[index].setAttribute("aria-pressed", String(answer === verdict)));
    said.textContent = verdict ? t("judged") : "";
  }

  async function send(answer) {
    try {
      show((await judge(answer)).verdict);
    } catch (error) {
      said.textContent = t("judgeFailed", { message: error.message || t("refusedUnreachable") });
    }
  }

  show(turn.verdict);
  return [group, said];
}
