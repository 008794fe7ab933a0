import { el } from "../../chat/view/dom.js";
import { t } from "../strings.js";
import { conversationsPanel, suggestionsPanel } from "./conversations.js";
import { erasurePanel } from "./erasure.js";
import { act, download, panel } from "./form.js";
import { trendPanel } from "./readings.js";
import { requestsPanel } from "./requests.js";

/** Everything that is kept about the person: to see, correct, take along and delete. */
export async function myDataView(ctx) {
  const [emotion, conversations, suggestions] = await Promise.all([ctx.api.emotion(), ctx.api.conversations(), ctx.api.suggestions()]);
  return el(
    "div",
    {},
    el("h1", { text: t("dataTitle") }),
    el("p", { class: "lead", text: t("dataLead") }),
    trendPanel(ctx, emotion.points ?? []),
    conversationsPanel(ctx, conversations.conversations ?? []),
    suggestionsPanel(ctx, suggestions.suggestions ?? []),
    exportPanel(ctx),
    requestsPanel(ctx),
    erasurePanel(ctx),
  );
}

function exportPanel(ctx) {
  const state = el("p", { class: "soft", attributes: { role: "status" } });
  const take = act({
    text: t("export"),
    testid: "export",
    className: "main-button is-quiet",
    say: (words, options) => {
      state.textContent = "";
      ctx.say(words, options);
    },
    onClick: async () => {
      state.textContent = t("exporting");
      const { blob, name } = await ctx.api.export();
      download(name ?? "my-data.zip", blob);
      state.textContent = t("exported");
    },
  });
  return panel(t("exportTitle"), el("p", { text: t("exportLead") }), take, state);
}
