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
  const node = el("li", { class: "card", testid: "suggestion-card", attributes: { "data-item": suggestion.id } });
  // One after the other: a quick undo must not overtake what it takes back.
  let saving = Promise.resolve();
  const said = el("p", { class: "opinion-said", attributes: { role: "status" } });
  const refuse = button(
    { class: "opinion-button", text: t("opinion_not_for_me"), testid: "opinion-not_for_me", attributes: { "aria-label": t("opinionLabel", { title, opinion: t("opinion_not_for_me") }) } },
  );
  const whole = [
    picture(suggestion),
    el("p", { class: "card-category", text: String(suggestion.category ?? "") }),
    el("h3", { class: "card-title", text: title }),
    el("p", { class: "card-price", text: priceWords(suggestion) }),
    el("p", { class: "card-reason", text: String(suggestion.reason ?? "") }),
    el("div", { class: "card-actions" }, view(suggestion, title, acts), typeof suggestion.price === "number" ? add(suggestion, title, acts) : null),
    opinion({ title, verdict: null, verdicts: ["helpful"], beside: refuse, judge: (verdict) => acts.judgeSuggestion(suggestion, verdict) }),
    said,
  ].filter(Boolean);
  refuse.addEventListener("click", () => void putAside());
  node.append(...whole);
  return node;

  /** It goes at once; whoever pressed by mistake takes it back in the same place. */
  async function putAside() {
    const undo = button({ class: "link", text: t("undo"), testid: "opinion-undo", attributes: { "aria-label": t("undoLabel", { title }) } });
    undo.addEventListener("click", () => void takeBack(undo));
    node.classList.add("is-aside");
    node.replaceChildren(el("p", { class: "card-aside", attributes: { role: "status" } }, el("b", { text: title }), t("opinionNotAgain")), undo, said);
    said.textContent = "";
    undo.focus();
    await keep("not_for_me", () => bringBack(refuse));
  }

  async function takeBack(undo) {
    undo.disabled = true;
    if (await keep("none", () => (undo.disabled = false))) bringBack(refuse);
  }

  function bringBack(focused) {
    const words = said.textContent;
    node.classList.remove("is-aside");
    node.replaceChildren(...whole);
    said.textContent = words;
    focused.focus();
  }

  async function keep(verdict, onFailed) {
    const saved = saving.then(() => acts.judgeSuggestion(suggestion, verdict));
    saving = saved.catch(() => {});
    try {
      await saved;
      said.textContent = verdict === "none" ? t("opinionBack") : "";
      return true;
    } catch (error) {
      said.textContent = t("opinionFailed", { message: error.message || t("consentOffline") });
      onFailed();
      return false;
    }
  }
}

/** The shop's picture. The page's policy lets those hosts in that the catalogue names; what fails to load leaves. */
function picture({ image }) {
  if (typeof image !== "string" || !image.startsWith("https://")) return null;
  const img = el("img", { attributes: { alt: "", loading: "lazy", decoding: "async", referrerpolicy: "no-referrer" } });
  const place = el("div", { class: "card-picture" }, img);
  img.addEventListener("error", () => place.remove(), { once: true });
  img.src = image;
  return place;
}

function priceWords({ price, currency }) {
  return typeof price === "number" ? priceOf(price, currency) : t("priceOnRequest");
}

function view(suggestion, title, acts) {
  const address = acts.itemAddress(suggestion);
  return el(address ? "a" : "button", {
    class: "card-view",
    text: t("view"),
    attributes: address
      ? { href: address, target: "_blank", rel: "noopener", "aria-label": t("viewItem", { title }) }
      : { type: "button", "aria-label": t("viewItem", { title }) },
    on: { click: (event) => acts.viewItem(suggestion, event) },
  });
}

function add(suggestion, title, acts) {
  const node = button({ class: "card-add", attributes: { "aria-label": t("addItem", { title }) } }, t("addToCart"));
  node.addEventListener("click", () => {
    acts.addItem(suggestion);
    node.replaceChildren(icon("check"), t("added"));
    node.setAttribute("aria-label", `${t("added")}: ${title}`);
  });
  return node;
}
