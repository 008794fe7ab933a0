import { button, el, priceOf } from "../dom.js";
import { hasPhoto, pictureNode } from "../pictures.js";
import { stockWords, tile } from "./grid.js";

const KINDS = {
  accessory_of: "Fits",
  spare_part_of: "Spare part for",
  replacement_for: "Replaces",
  service_plan_for: "Covers",
};

/**
 * What stands in the dialog of one product. related: the items that its relations name; shelf: what goes with it, each
 * with its reason.
 */
export function detailContent(item, related, shelf, { onClose, onAdd, onBuy, onOpen, onAsk, onSuggested }) {
  const isSoldOut = item.stock === 0;
  const hasPrice = typeof item.price === "number";
  return [
    button({ class: "dialog-close", attributes: { "aria-label": "Close product" }, on: { click: onClose } }, "×"),
    el("div", { class: hasPhoto(item) ? "picture has-photo" : "picture" }, pictureNode(item, { lazy: false })),
    el(
      "div",
      { class: "detail-words" },
      el("p", { class: "tile-category", text: item.category }),
      el("h2", { text: item.title, attributes: { id: "detail-title", tabindex: "-1" } }),
      el("p", { class: "price", text: priceOf(item) }),
      el("p", { class: isSoldOut ? "stock is-out" : "stock", text: stockWords(item.stock) }),
      el("p", { class: "detail-text", text: item.description }),
      facts(item.attributes),
      relations(item, related, onOpen),
      el(
        "div",
        { class: "detail-actions" },
        ...(hasPrice
          ? [
              button({ class: "primary", text: "Add to cart", testid: "item-add", attributes: { disabled: isSoldOut }, on: { click: () => onAdd(item) } }),
              button({ class: "secondary", text: "Buy now", testid: "item-buy", attributes: { disabled: isSoldOut }, on: { click: () => onBuy(item) } }),
            ]
          : []),
        button({ class: hasPrice ? "quiet" : "primary", text: hasPrice ? "Ask about it" : "Ask for the price", on: { click: () => onAsk(item) } }),
      ),
    ),
    shelfNode(shelf, { onOpen: onSuggested, onAdd, onAsk }),
  ].filter(Boolean);
}

function shelfNode(shelf, acts) {
  if (shelf.length === 0) return null;
  return el(
    "section",
    { class: "detail-shelf", testid: "related", attributes: { "aria-labelledby": "related-title" } },
    el("h3", { class: "shelf-title", text: "Goes with it", attributes: { id: "related-title" } }),
    el("ul", { class: "shelf", attributes: { tabindex: "0", "aria-labelledby": "related-title" } }, ...shelf.map((one) => tile(one, { ...acts, testid: "related-item" }))),
  );
}

function facts(attributes) {
  const rows = Object.entries(attributes);
  if (rows.length === 0) return null;
  return el(
    "dl",
    { class: "facts" },
    ...rows.flatMap(([name, value]) => [el("dt", { text: name }), el("dd", { text: value })]),
  );
}

function relations(item, related, onOpen) {
  const known = item.relations
    .map((relation) => ({ kind: relation.kind, other: related.find((candidate) => candidate.id === relation.target_id) }))
    .filter(({ other }) => other);
  if (known.length === 0) return null;
  return el(
    "ul",
    { class: "relations" },
    ...known.map(({ kind, other }) =>
      el("li", {}, `${KINDS[kind] ?? "See also"} `, button({ class: "link", text: other.title, on: { click: () => onOpen(other) } })),
    ),
  );
}
