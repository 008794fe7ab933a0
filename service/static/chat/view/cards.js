import { t } from "../strings.js";
import { priceOf } from "../times.js";
import { button, el, icon } from "./dom.js";
import { opinion } from "./opinion.js";

/** Suggestions as a row of cards. Called with at least one: an empty list never becomes a card. */
export function cards(suggestions, acts) {
  return el(
    "ul",
    { class: "cards", attributes: { "aria-label": t("suggestions"), tabindex: "0" } },
    ...suggestions.map((suggestion) => card(suggestion, acts)),
  );
}

function card(suggestion, acts) {
  const title = String(suggestion.title ?? "");
  const address = acts.itemAddress(suggestion);
  const view = el(address ? "a" : "button", {
    class: "card-view",
    text: t("view"),
    attributes: address
      ? { href: address, target: "_blank", rel: "noopener", "aria-label": t("viewItem", { title }) }
      : { type: "button", "aria-label": t("viewItem", { title }) },
    on: { click: (event) => acts.viewItem(suggestion, event) },
  });
  const add = button(
    {
      class: "card-add",
      attributes: { "aria-label": t("addItem", { title }) },
      on: {
        click: () => {
          acts.addItem(suggestion);
          add.replaceChildren(icon("check"), t("added"));
          add.setAttribute("aria-label", `${t("added")}: ${title}`);
        },
      },
    },
    t("addToCart"),
  );
  return el(
    "li",
    { class: "card", testid: "suggestion-card", attributes: { "data-item": suggestion.id } },
    el("p", { class: "card-category", text: String(suggestion.category ?? "") }),
    el("h3", { class: "card-title", text: title }),
    el("p", { class: "card-price", text: typeof suggestion.price === "number" ? priceOf(suggestion.price) : "" }),
    el("p", { class: "card-reason", text: String(suggestion.reason ?? "") }),
    el("div", { class: "card-actions" }, view, add),
    opinion({ title, verdict: null, judge: (verdict) => acts.judgeSuggestion(suggestion, verdict) }),
  );
}
