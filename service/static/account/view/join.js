import { button, el } from "../../chat/view/dom.js";
import { t } from "../strings.js";
import { act } from "./form.js";

/**
 * Asks whether the conversation of this browser moves into the account. Never by itself: on a shared computer it may
 * be somebody else's.
 */
export function joinOffer(ctx) {
  const node = el("section", { class: "panel join", testid: "join-offer", attributes: { "aria-label": t("joinTitle") } });
  const decline = () => {
    ctx.conversation.decline();
    node.remove();
  };
  node.append(
    el("h2", { text: t("joinTitle") }),
    el("p", { text: t("joinText") }),
    el(
      "div",
      { class: "button-row" },
      act({
        text: t("join"),
        testid: "join",
        className: "main-button",
        say: ctx.say,
        onClick: async () => {
          try {
            await ctx.api.join(ctx.conversation.current);
          } catch (error) {
            // It has ended, or belongs to somebody: asking again would not help.
            if ((error.isGone || error.status === 409) && error.code !== "not_signed_in") decline();
            throw error;
          }
          ctx.conversation.markJoined();
          ctx.say(t("joined"));
          ctx.redraw();
        },
      }),
      button({ class: "main-button is-quiet", text: t("joinNot"), testid: "join-not", on: { click: decline } }),
    ),
  );
  return node;
}
