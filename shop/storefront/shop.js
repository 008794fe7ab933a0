const VISIT = "lumen.visit";

/** A page of items: {items, total, categories}. Addresses are relative to the page. */
export async function findItems({ category, text, offset, limit }) {
  const query = new URLSearchParams({ offset: String(offset), limit: String(limit) });
  if (category) query.set("category", category);
  if (text) query.set("text", text);
  return answer(await fetch(`api/shop/items?${query}`));
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

/** Count what visitors do: type is view, click, cart or purchase. Never waits, never fails. */
export function tell(type, itemId) {
  fetch("api/events", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ type: `storefront.${type}`, item_id: itemId, session: visit() }),
    keepalive: true,
  }).catch(() => {});
}

async function answer(response) {
  if (!response.ok) throw new Error(`the shop answered ${response.status}`);
  return response.json();
}

/** A random name for this visit. It says nothing about the visitor and ends with the tab. */
function visit() {
  try {
    const known = sessionStorage.getItem(VISIT);
    if (known) return known;
    sessionStorage.setItem(VISIT, newVisit());
    return sessionStorage.getItem(VISIT);
  } catch {
    return "no-storage";
  }
}

function newVisit() {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
}
