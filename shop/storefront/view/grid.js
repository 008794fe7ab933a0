import { button, el, priceOf } from "../dom.js";
import { pictureOf, toneOf } from "../pictures.js";

/** Choices beside the shop's own categories, as they stand in the address. */
export const HIGHLIGHTS = "";
export const EVERYTHING = "all";

/** One product of the grid; the whole tile opens it. */
export function tile(item, { onOpen, onAdd }) {
  const open = button({ class: "tile-open", text: item.title, on: { click: () => onOpen(item) } });
  const add = button(
    {
      class: "tile-add",
      attributes: { "aria-label": `Add ${item.title} to cart`, disabled: item.stock === 0 },
      on: { click: () => onAdd(item) },
    },
    item.stock === 0 ? "Sold out" : "Add",
  );
  return el(
    "li",
    { class: "tile", testid: "shop-item", attributes: { "data-item": item.id } },
    el("div", { class: "picture" }, el("img", { class: toneOf(item), attributes: { src: pictureOf(item), alt: "", loading: "lazy", width: 240, height: 180 } })),
    el("p", { class: "tile-category", text: item.category }),
    el("h3", {}, open),
    el("div", { class: "tile-foot" }, el("p", { class: "price", text: priceOf(item.price) }), add),
  );
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
  if (stock === 0) return "Sold out";
  return stock <= 5 ? `Only ${stock} left` : "In stock";
}
