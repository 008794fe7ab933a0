import { el } from "../../chat/view/dom.js";
import { named, t } from "../strings.js";
import { dayOf } from "../times.js";
import { act, field, form, panel } from "./form.js";
import { cell, table } from "./table.js";

/** What the person has asked of us about their data, with the day by which it is done; and a way to object. */
export function requestsPanel(ctx) {
  const list = el("div", { testid: "requests" });
  const node = panel(t("requestsTitle"), el("p", { class: "soft", text: t("requestsLead") }), list);

  async function show() {
    const requests = await ctx.api.requests();
    list.replaceChildren(requests.length ? requestTable(requests) : el("p", { class: "soft", text: t("requestsNone") }));
  }

  const words = field({ name: "words", label: t("objection"), hint: t("objectionHint"), required: true, maxlength: 1000, testid: "objection-words" });
  node.append(
    el(
      "details",
      { class: "more" },
      el("summary", { text: t("objectionOpen") }),
      form({
        testid: "objection",
        fields: [words],
        submit: t("objectionSend"),
        quiet: true,
        onSubmit: async (said) => {
          await ctx.api.object(said.words);
          words.input.value = "";
          ctx.say(t("objectionSent"));
          await show();
        },
      }),
    ),
  );
  show().catch(() => {
    const again = act({ text: t("tryAgain"), say: ctx.say, onClick: show });
    list.replaceChildren(el("p", { class: "soft", text: t("unknown") }), again);
  });
  return node;
}

function requestTable(requests) {
  return table(
    ["requestWhat", "requestWhen", "requestDue", "requestState"],
    requests.map((one) =>
      el(
        "tr",
        { testid: "request" },
        cell("requestWhat", named("request_", one.kind)),
        cell("requestWhen", dayOf(one.received_at)),
        cell("requestDue", dayOf(one.due_at)),
        cell(
          "requestState",
          undefined,
          el("span", { text: one.state === "done" && one.done_at ? dayOf(one.done_at) : named("requestState_", one.state) }),
          one.answer ? el("small", { text: one.answer }) : null,
        ),
      ),
    ),
  );
}
