import { button, el, priceOf } from "../dom.js";
import { hasPhoto, pictureNode } from "../pictures.js";

/** Choices beside the shop's own categories, as they stand in the address. */
export const HIGHLIGHTS = "";
export const EVERYTHING = "all";

/** One product of the grid or of a shelf; the whole tile opens it. Its reason, where it has one, stands below. */
export function tile(item, { onOpen, onAdd, onAsk, testid = "shop-item" }) {
  const open = button({ class: "tile-open", text: item.title, on: { click: () => onOpen(item) } });
  return el(
    "li",
    { class: "tile", testid, attributes: { "data-item": item.id } },
    el("div", { class: hasPhoto(item) ? "picture has-photo" : "picture" }, pictureNode(item)),
    el("p", { class: "tile-category", text: item.category }),
    el("h3", {}, open),
    item.reason ? el("p", { class: "tile-reason", text: item.reason }) : null,
    el("div", { class: "tile-foot" }, el("p", { class: "price", text: priceOf(item) }), act(item, onAdd, onAsk)),
  );
}

function act(item, onAdd, onAsk) {
  if (typeof item.price !== "number") {
    return button({ class: "tile-add", text: "Ask", attributes: { "aria-label": `Ask for the price of ${item.title}` }, on: { click: () => onAsk(item) } });
  }
  const isSoldOut = item.stock === 0;
  const attributes = { "aria-label": isSoldOut ? `Sold out: ${item.title}` : `Add ${item.title} to cart`, disabled: isSoldOut };
  return button({ class: "tile-add", text: isSoldOut ? "Sold out" : "Add", attributes, on: { click: () => onAdd(item) } });
}

/** The categories as a row of choices. */
export function categoryChips(categories, chosen, onChoose) {
  const choices = [[HIGHLIGHTS, "Highlights"], [EVERYTHING, "Everything"], ...categories.map((name) => [name, name])];
  return choices.map(([name, words]) =>
    button({
      class: "chip",
      text: words,
      attributes: { "aria-pressed": String(name === chosen) },
      on: { click: () => onChoose(name) },
    }),
  );
}

/** How much is in stock, in words: exact numbers change too fast to be true. */
export function stockWords(stock) {
  if (stock === null || stock === undefined) return "Available";
  if (stock === 0) return "Sold out";
  return stock <= 5 ? `Only ${stock} left` : "In stock";
}
