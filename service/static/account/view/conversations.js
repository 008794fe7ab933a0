import { button, el } from "../../chat/view/dom.js";
import { priceOf } from "../../chat/times.js";
import { failure, named, t } from "../strings.js";
import { dayOf, momentOf } from "../times.js";
import { panel } from "./form.js";
import { opinion } from "../../chat/view/opinion.js";

const FIRST = 10;
const AUTHORS = { customer: "authorCustomer", bot: "authorBot", agent: "authorAgent" };

/** Every conversation; opening one loads what was said in it. */
export function conversationsPanel(ctx, conversations) {
  const list = el("ul", { class: "list", testid: "conversations" });
  const node = panel(t("conversationsTitle"), conversations.length ? list : el("p", { class: "soft", text: t("conversationsNone") }));
  const draw = (count) => list.replaceChildren(...conversations.slice(0, count).map((one) => el("li", {}, entry(ctx, one))));
  draw(FIRST);
  if (conversations.length > FIRST) {
    const more = button({ class: "plain-button", text: t("showAll", { count: conversations.length }), on: { click: () => (draw(conversations.length), more.remove()) } });
    node.append(more);
  }
  return node;
}

function entry(ctx, conversation) {
  const place = el("div", { class: "talk", attributes: { "aria-live": "polite" } });
  const count = conversation.messages === 1 ? t("conversationOne") : t("conversationMessages", { count: conversation.messages });
  const details = el(
    "details",
    { class: "conversation", testid: "conversation", attributes: { "data-id": conversation.id } },
    el(
      "summary",
      {},
      el("b", { text: conversation.preview || named("conversationWith_", conversation.owner) }),
      el("small", { text: `${dayOf(conversation.last_at ?? conversation.started_at)} · ${count} · ${named("conversationWith_", conversation.owner)}` }),
    ),
    place,
  );
  details.addEventListener("toggle", async () => {
    if (!details.open) return place.replaceChildren();
    place.replaceChildren(el("p", { class: "soft", text: t("loading") }));
    try {
      const { messages } = await ctx.api.conversation(conversation.id);
      place.replaceChildren(...messages.map((message) => said(message)));
    } catch (error) {
      place.replaceChildren(el("p", { class: "form-wrong", text: failure(error) }));
    }
    return undefined;
  });
  return details;
}

function said(message) {
  return el(
    "div",
    { class: `said from-${message.author}` },
    el("p", { class: "said-by", text: `${t(AUTHORS[message.author] ?? "authorBot")}, ${momentOf(message.created_at)}` }),
    message.text ? el("p", { class: "as-written", text: message.text, attributes: { dir: "auto" } }) : null,
    ...(message.suggestions ?? []).map((item) => el("p", { class: "said-item", text: `${item.title}, ${priceWords(item)}` })),
  );
}

function priceWords({ price, currency }) {
  return typeof price === "number" ? priceOf(price, currency) : t("priceOnRequest");
}

/** What was suggested, why, and what the customer thinks of it. */
export function suggestionsPanel(ctx, suggestions) {
  const list = el("ul", { class: "list", testid: "suggestions" });
  const node = panel(
    t("suggestionsTitle"),
    suggestions.length ? el("p", { class: "soft", text: t("suggestionsLead") }) : el("p", { class: "soft", text: t("suggestionsNone") }),
    list,
  );
  const draw = (count) => list.replaceChildren(...suggestions.slice(0, count).map((one) => el("li", { class: "suggestion", testid: "suggestion" }, ...suggestion(ctx, one))));
  draw(FIRST);
  if (suggestions.length > FIRST) {
    const more = button({ class: "plain-button", text: t("showAll", { count: suggestions.length }), on: { click: () => (draw(suggestions.length), more.remove()) } });
    node.append(more);
  }
  return node;
}

function suggestion(ctx, item) {
  return [
    el("b", { text: item.title ?? item.item_id }),
    el("small", { text: [priceWords(item), dayOf(item.at)].filter(Boolean).join(" · ") }),
    item.reason ? el("p", { class: "soft", text: item.reason }) : null,
    opinion({
      title: item.title ?? item.item_id,
      verdict: item.verdict,
      verdicts: ["helpful", "not_helpful", "not_for_me"],
      judge: (verdict) => ctx.api.judgeSuggestion(item.item_id, verdict, item.conversation),
    }),
  ].filter(Boolean);
}
