import { judging } from "../../chat/view/judging.js";
import { t as chatWords } from "../../chat/strings.js";
import { button, el } from "../../chat/view/dom.js";
import { failure, named, t } from "../strings.js";
import { momentOf } from "../times.js";
import { panel } from "./form.js";
import { cell, table } from "./table.js";
import { trendChart } from "./trend.js";

const FIRST = 10;
const RAISED_FROM = 35;
const LABELS = ["anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral"];

/** The emotion trend: a chart, the same as a table, and the customer's own word about each estimate. */
export function trendPanel(ctx, points) {
  const node = panel(t("trendTitle"));
  if (points.length === 0) {
    node.append(el("p", { text: t("trendNone"), testid: "trend-none" }));
    return node;
  }
  const kept = [...points];
  const chart = el("div", {});
  const rows = el("tbody", {});
  const more = button({ class: "plain-button", text: t("showAll", { count: kept.length }), on: { click: () => draw(kept.length) } });
  let count = FIRST;
  let open = null;

  function draw(shown = count) {
    count = shown;
    const newest = kept.map((point, index) => [point, index]).reverse().slice(0, count);
    rows.replaceChildren(...newest.flatMap(([point, index]) => rowsOf(point, index)));
    more.hidden = count >= kept.length;
  }

  function drawChart() {
    chart.replaceChildren(trendChart(kept, (point) => toggle(kept.findIndex((one) => isSame(one, point)), true)));
  }

  function rowsOf(point, index) {
    const when = momentOf(point.at);
    const word = button({
      class: "plain-button",
      text: point.verdict ? named("contested_", point.verdict) : t("contest"),
      testid: "contest",
      attributes: { "aria-expanded": String(open === index), "aria-label": `${t("contestOpen", { when })}${point.verdict ? `: ${named("contested_", point.verdict)}` : ""}` },
      on: { click: () => toggle(index) },
    });
    const row = el("tr", { testid: "reading", attributes: { "data-index": index } }, cell("readingWhen", when), reading(point), el("td", { attributes: { "data-label": t("readingWord") } }, word));
    return open === index ? [row, el("tr", { class: "unfolded" }, el("td", { attributes: { colspan: "3" } }, contest(point, index)))] : [row];
  }

  function reading(point) {
    const words = point.words ? el("small", { class: "reading-words", text: `“${point.words}”` }) : null;
    return el("td", { attributes: { "data-label": t("readingRead") } }, el("span", { text: readingWords(point) }), words);
  }

  function toggle(index, pick = false) {
    open = open === index && !pick ? null : index;
    draw(Math.max(count, kept.length - index));
    const shown = rows.querySelector(`tr[data-index="${index}"]`);
    shown?.querySelector("button").focus();
    if (pick) (shown.nextElementSibling ?? shown).scrollIntoView({ block: "nearest" });
  }

  function contest(point, index) {
    const send = async (change) => {
      const now = kept[index];
      const said = { perceived: change.perceived ?? now.verdict ?? "as_shown" };
      const label = "label" in change ? change.label : now.verdict_label;
      if (label) said.label = label;
      const answer = await ctx.api.contest(now, said);
      kept[index] = { ...now, ...answer, verdict: answer?.verdict ?? said.perceived, verdict_label: label ?? null };
      const button_ = rows.querySelector(`tr[data-index="${index}"] button`);
      button_.textContent = named("contested_", kept[index].verdict);
      drawChart();
      return kept[index];
    };
    const other = el(
      "select",
      { testid: "contest-label", attributes: { id: "contest-label", autocomplete: "off" } },
      el("option", { text: t("contestLabelNone"), attributes: { value: "" } }),
      ...LABELS.map((label) => el("option", { text: chatWords(`label_${label}`), attributes: { value: label, selected: point.verdict_label === label } })),
    );
    const said = el("p", { class: "soft", attributes: { role: "status" } });
    other.addEventListener("change", async () => {
      try {
        await send({ label: other.value || null });
        said.textContent = t("contestSaved");
      } catch (error) {
        said.textContent = failure(error);
      }
    });
    return el(
      "div",
      { class: "contest", testid: "contest-panel" },
      ...(point.explanation ?? []).map((sentence) => el("p", { class: "why", text: sentence })),
      el("h4", { text: chatWords("judgeGroup") }),
      ...judging(point, (perceived) => send({ perceived })),
      el("label", { text: t("contestLabel"), attributes: { for: "contest-label" } }),
      other,
      said,
    );
  }

  draw();
  drawChart();
  const parts = [
    el("p", { class: "soft", text: t("trendLead") }),
    chart,
    el("h3", { text: t("readingsTitle") }),
    table(["readingWhen", "readingRead", "readingWord"], rows, { className: "table readings" }),
    kept.length > FIRST ? more : null,
  ];
  node.append(...parts.filter(Boolean));
  return node;
}

function isSame(one, other) {
  return one.conversation === other.conversation && one.message === other.message;
}

/** The state's name and the level, such as "stressed, 42 of 100". Nobody is called calm half-way up the chart. */
export function readingWords(point) {
  const between = point.name === "calm" && point.frustration >= RAISED_FROM;
  const name = between ? t("stateBetween") : named("state_", point.name);
  return typeof point.frustration === "number" ? t("readingLevel", { name, level: Math.round(point.frustration) }) : t("readingNoLevel", { name });
}
