import { t } from "../strings.js";
import { button, el } from "./dom.js";

/**
 * What the customer thinks of a suggestion: buttons that stay pressed; pressing one again takes it back.
 *
 * verdict: helpful, not_helpful, not_for_me or null. judge(verdict) stores it ("none" takes it back); raises ApiError.
 * beside: a button of the caller's own that stands in the same row.
 */
export function opinion({ title, verdict, verdicts = ["helpful", "not_for_me"], beside = null, judge }) {
  let kept = verdict ?? null;
  let isBusy = false;
  const said = el("span", { class: "opinion-said", attributes: { role: "status" } });
  const buttons = verdicts.map((name) =>
    button({
      class: "opinion-button",
      text: t(`opinion_${name}`),
      testid: `opinion-${name}`,
      attributes: { "aria-label": t("opinionLabel", { title, opinion: t(`opinion_${name}`) }) },
      on: { click: () => send(name === kept ? "none" : name) },
    }),
  );

  function draw() {
    verdicts.forEach((name, index) => buttons[index].setAttribute("aria-pressed", String(name === kept)));
  }

  async function send(wanted) {
    if (isBusy) return;
    isBusy = true;
    said.textContent = "";
    try {
      await judge(wanted);
      kept = wanted === "none" ? null : wanted;
      said.textContent = t(wanted === "none" ? "opinionBack" : wanted === "not_for_me" ? "opinionNotAgain" : "opinionThanks");
    } catch (error) {
      said.textContent = t("opinionFailed", { message: error.message || t("consentOffline") });
    } finally {
      isBusy = false;
      draw();
    }
  }

  draw();
  return el("div", { class: "opinion" }, el("div", { class: "opinion-row", attributes: { role: "group", "aria-label": t("opinionGroup", { title }) } }, ...buttons, ...(beside ? [beside] : [])), said);
}
