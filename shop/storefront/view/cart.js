import { amountOf, button, el, priceOf } from "../dom.js";

/** What stands in the cart. acts: {onClose, onQuantity(id, quantity), onBuy}. */
export function cartContent(cart, { onClose, onQuantity, onBuy }) {
  const close = button({ class: "dialog-close", attributes: { "aria-label": "Close cart" }, on: { click: onClose } }, "×");
  const heading = el("h2", { text: "Your cart", attributes: { tabindex: "-1" } });
  if (cart.lines.length === 0) return [close, heading, el("p", { class: "empty", text: "Nothing in it yet." })];
  return [
    close,
    heading,
    el("ul", { class: "lines" }, ...cart.lines.map((line) => lineNode(line, onQuantity))),
    el("p", { class: "total" }, el("span", { text: "Total" }), el("b", { text: totalWords(cart.totals), testid: "cart-total" })),
    button({ class: "primary", text: "Buy", testid: "cart-buy", on: { click: onBuy } }),
    el("p", { class: "small", text: "A demonstration: nothing is charged and nothing is sent." }),
  ];
}

/** What stands in the cart after a purchase. totals: see Cart. */
export function thanksContent(totals, { onClose }) {
  return [
    button({ class: "dialog-close", attributes: { "aria-label": "Close cart" }, on: { click: onClose } }, "×"),
    el("h2", { text: "Thank you", attributes: { tabindex: "-1" } }),
    el("p", { class: "empty", text: `Your demo purchase of ${totalWords(totals)} is noted. Nothing was charged.`, testid: "purchase-done" }),
    button({ class: "secondary", text: "Back to the shop", on: { click: onClose } }),
  ];
}

function totalWords(totals) {
  return totals.map(({ price, currency }) => amountOf(price, currency)).join(" + ");
}

function lineNode(line, onQuantity) {
  const change = (by, words, sign) =>
    button({ class: "step", text: sign, attributes: { "aria-label": `${words}: ${line.title}` }, on: { click: () => onQuantity(line.id, line.quantity + by) } });
  return el(
    "li",
    { testid: "cart-line", attributes: { "data-item": line.id } },
    line.picture ? el("img", { attributes: { src: line.picture, alt: "", width: 60, height: 45 } }) : null,
    el("div", {}, el("p", { class: "line-title", text: line.title }), el("p", { class: "small", text: priceOf(line) })),
    el("div", { class: "steps", attributes: { "data-attune-quick": true } }, change(-1, "One less", "−"), el("span", { text: String(line.quantity) }), change(1, "One more", "+")),
  );
}
