import { button, el, priceOf } from "../dom.js";
import { pictureOf, toneOf } from "../pictures.js";
import { stockWords } from "./grid.js";

const KINDS = {
  accessory_of: "Fits",
  spare_part_of: "Spare part for",
  replacement_for: "Replaces",
  service_plan_for: "Covers",
};

/** What stands in the dialog of one product. related: the items that its relations name. */
export function detailContent(item, related, { onClose, onAdd, onBuy, onOpen, onAsk }) {
  return [
    button({ class: "dialog-close", attributes: { "aria-label": "Close product" }, on: { click: onClose } }, "×"),
    el("div", { class: "picture" }, el("img", { class: toneOf(item), attributes: { src: pictureOf(item), alt: "", width: 240, height: 180 } })),
    el(
      "div",
      { class: "detail-words" },
      el("p", { class: "tile-category", text: item.category }),
      el("h2", { text: item.title, attributes: { id: "detail-title", tabindex: "-1" } }),
      el("p", { class: "price", text: priceOf(item.price) }),
      el("p", { class: item.stock > 0 ? "stock" : "stock is-out", text: stockWords(item.stock) }),
      el("p", { class: "detail-text", text: item.description }),
      facts(item.attributes),
      relations(item, related, onOpen),
      el(
        "div",
        { class: "detail-actions" },
        button({ class: "primary", text: "Add to cart", testid: "item-add", attributes: { disabled: item.stock === 0 }, on: { click: () => onAdd(item) } }),
        button({ class: "secondary", text: "Buy now", testid: "item-buy", attributes: { disabled: item.stock === 0 }, on: { click: () => onBuy(item) } }),
        button({ class: "quiet", text: "Ask about it", on: { click: () => onAsk(item) } }),
      ),
    ),
  ];
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
