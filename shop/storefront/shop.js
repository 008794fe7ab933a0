import { visit } from "./visit.js";

/** A page of items: {items, total, categories}. Addresses are relative to the page. */
export async function findItems({ category, offset, limit }) {
  return answer(await fetch(`api/shop/items?${queryOf({ category, offset, limit })}`));
}

/**
 * What fits the words, best first: {items, total, categories}; each item may have a `reason`.
 *
 * fits: whether this visit's own steps may count; only then does the shop learn which visit asks.
 */
export async function search({ category, text, limits, fits, offset, limit }) {
  const { least, most, inStock } = limits;
  const query = { q: text, category, min_price: least, max_price: most, in_stock: inStock || "", offset, limit, visit: fits ? visit() : "" };
  return answer(await fetch(`api/shop/search?${queryOf(query)}`));
}

/** What goes with an item, each with its reason: [item, …]. fits: as in search. */
export async function findRelated(id, { fits, limit = 8 }) {
  const query = queryOf({ limit, visit: fits ? visit() : "" });
  return (await answer(await fetch(`api/shop/items/${encodeURIComponent(id)}/related?${query}`))).items;
}

/** One item of every category: {items, total, categories}; total counts the whole shop. */
export async function findHighlights() {
  return answer(await fetch("api/shop/highlights"));
}

/** One item; null when the shop has none with this id. */
export async function findItem(id) {
  const response = await fetch(`api/shop/items/${encodeURIComponent(id)}`);
  return response.status === 404 ? null : answer(response);
}

/** Count what visitors do: kind is view, dwell (with seconds), click, cart or purchase. Never waits, never fails. */
export function tell(kind, itemId, more = {}) {
  const type = kind.includes(".") ? kind : `storefront.${kind}`;
  fetch("api/events", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ type, item_id: itemId, session: visit(), ...more }),
    keepalive: true,
  }).catch(() => {});
}

function queryOf(values) {
  return new URLSearchParams(Object.entries(values).filter(([, value]) => value !== "" && value !== null && value !== undefined));
}

async function answer(response) {
  if (!response.ok) throw new Error(`the shop answered ${response.status}`);
  return response.json();
}
