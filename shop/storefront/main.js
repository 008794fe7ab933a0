import { Cart } from "./cart.js";
import { el } from "./dom.js";
import { Panes } from "./panes.js";
import { Dwell } from "./dwell.js";
import { hasPhoto, pictureOf } from "./pictures.js";
import { findHighlights, findItem, findItems, findRelated, search, tell } from "./shop.js";
import { cartContent, thanksContent } from "./view/cart.js";
import { detailContent } from "./view/detail.js";
import { Filters } from "./view/filters.js";
import { FitSwitch } from "./view/fit.js";
import { categoryChips, EVERYTHING, HIGHLIGHTS, tile } from "./view/grid.js";

const PAGE = 24;
const SHELF = 12;
const byId = (id) => document.getElementById(id);
const cart = new Cart();
const panes = new Panes(byId("veil"));
const address = new URL(window.location.href);
const wish = { category: address.searchParams.get("category") ?? HIGHLIGHTS, text: address.searchParams.get("q") ?? "" };
const dwell = new Dwell((id, seconds) => tell("dwell", id, { seconds }));
const limits = new Filters(address, () => look({}));
const fit = new FitSwitch(() => look({}));
let shown = 0;
let asked = 0;

byId("words").value = wish.text;
byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  look({ text: byId("words").value.trim() });
});
let typing = 0;
byId("words").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => look({ text: byId("words").value.trim() }), 250);
});
byId("more").addEventListener("click", () => (isFront() ? look({ category: EVERYTHING }) : load()));
byId("cart-open").addEventListener("click", showCart);
cart.addEventListener("change", refreshCart);
document.addEventListener("attune:view-item", (event) => {
  event.preventDefault();
  void openById(event.detail.item?.id);
});
document.addEventListener("attune:add-to-cart", (event) => {
  event.preventDefault();
  void addById(event.detail.item?.id);
});
for (const [name, open] of [["attune:opened", true], ["attune:closed", false]]) {
  document.addEventListener(name, () => document.documentElement.classList.toggle("with-chat", open));
}

refreshCart();
look({});
if (address.searchParams.has("item")) void openById(address.searchParams.get("item"));

function look(change) {
  Object.assign(wish, change);
  const { least, most, inStock } = limits.values;
  remember({ category: wish.category, q: wish.text, from: least, to: most, stock: inStock ? "1" : "" });
  shown = 0;
  byId("hero").hidden = !isFront();
  // Whoever types far down the page sees the best results, not the twentieth.
  if ("text" in change) window.scrollTo({ top: 0 });
  void load();
  void loadShelf();
}

async function load() {
  asked += 1;
  const mine = asked;
  let page;
  try {
    page = await find();
  } catch {
    if (mine !== asked) return;
    byId("count").textContent = "The shop cannot be reached just now. Please try again.";
    byId("more").hidden = false;
    return;
  }
  if (mine !== asked) return; // A later search has been asked for meanwhile.
  byId("categories").replaceChildren(...categoryChips(page.categories, wish.category, (category) => look({ category })));
  const tiles = page.items.map((item) => tile(item, { onOpen: clicked, onAdd: add, onAsk: ask }));
  if (shown === 0) byId("grid").replaceChildren(...tiles);
  else byId("grid").append(...tiles);
  shown += page.items.length;
  byId("count").textContent = isFront() ? "One from every corner of the shop" : countWords(page.total);
  byId("more").textContent = isFront() ? `See all ${page.total} products` : "Show more";
  byId("more").hidden = shown >= page.total || page.items.length === 0;
}

function find() {
  const category = wish.category === EVERYTHING ? "" : wish.category;
  const part = { category, offset: shown, limit: PAGE };
  if (isFront()) return findHighlights();
  if (wish.text === "" && limits.count === 0 && !fit.isOn) return findItems(part);
  return search({ ...part, text: wish.text, limits: limits.values, fits: fit.isOn });
}

/** "You may like": what fits this visit, each with its reason; on the front page, once the visitor has asked for it. */
async function loadShelf() {
  const place = byId("for-you");
  if (!fit.isOn || !isFront()) {
    place.hidden = true;
    return;
  }
  const found = await search({ category: "", text: "", limits: limits.values, fits: true, offset: 0, limit: SHELF }).catch(() => ({ items: [] }));
  const fitting = found.items.filter((item) => item.reason);
  place.hidden = !fit.isOn || !isFront();
  byId("for-you-items").hidden = fitting.length === 0;
  byId("for-you-none").hidden = fitting.length > 0;
  byId("for-you-items").replaceChildren(...fitting.map((item) => tile(item, { onOpen: suggested, onAdd: add, onAsk: ask, testid: "for-you-item" })));
}

/** The front page shows highlights; words, a category or a filter leave it. */
function isFront() {
  return wish.category === HIGHLIGHTS && wish.text === "" && limits.count === 0;
}

function countWords(total) {
  if (total === 0) return "Nothing found. Try other words, or ask us in the chat.";
  return total === 1 ? "1 product" : `${total} products`;
}

function clicked(item) {
  tell("click", item.id);
  void open(item);
}

function suggested(item) {
  tell("suggestion.clicked", item.id);
  void open(item);
}

async function openById(id) {
  if (!id) return;
  const item = await findItem(id).catch(() => null);
  if (item) await open(item);
  else say("This product is not in the shop any more.");
}

async function open(item) {
  tell("view", item.id);
  remember({ item: item.id });
  announce({ id: item.id, title: item.title });
  step("product", "enter");
  dwell.begin(item.id);
  const acts = { onClose: () => panes.close(), onAdd: add, onBuy: buyNow, onOpen: clicked, onAsk: ask, onSuggested: suggested };
  const onClosed = () => {
    dwell.end();
    remember({ item: "" });
    announce(null);
    step("product", "leave");
  };
  panes.show(byId("detail"), detailContent(item, [], [], acts), { onClosed });
  const ids = [...new Set(item.relations.map((relation) => relation.target_id))].slice(0, 4);
  const [shelf, ...named] = await Promise.all([
    findRelated(item.id, { fits: fit.isOn }).catch(() => []),
    ...ids.map((id) => findItem(id).catch(() => null)),
  ]);
  const related = named.filter(Boolean);
  const isStillOpen = panes.isShowing(byId("detail")) && new URL(window.location.href).searchParams.get("item") === item.id;
  if (related.length + shelf.length > 0 && isStillOpen) panes.show(byId("detail"), detailContent(item, related, shelf, acts), { onClosed, again: true });
}

async function addById(id) {
  const item = id ? await findItem(id).catch(() => null) : null;
  if (item) add(item);
  else say("This product is not in the shop any more.");
}

function add(item) {
  if (item.stock === 0) return say(`${item.title} is sold out.`);
  if (typeof item.price !== "number") return say(`The price of ${item.title} is on request. Ask us in the chat.`);
  cart.add({ ...item, picture: pictureFor(item) });
  tell("cart", item.id);
  return say(`${item.title} is in your cart.`);
}

function buyNow(item) {
  cart.add({ ...item, picture: pictureFor(item) });
  tell("cart", item.id);
  showCart();
}

function pictureFor(item) {
  return hasPhoto(item) ? item.image : pictureOf(item);
}

/** Open the chat; it offers to ask about this item. */
function ask(item) {
  announce({ id: item.id, title: item.title });
  document.dispatchEvent(new CustomEvent("attune:open"));
}

function showCart() {
  if (!panes.isShowing(byId("cart"))) step("cart", "enter");
  const acts = { onClose: () => panes.close(), onQuantity, onBuy: buy };
  panes.show(byId("cart"), cartContent(cart, acts), { onClosed: () => step("cart", "leave") });
}

function onQuantity(id, quantity) {
  cart.setQuantity(id, quantity);
  showCart();
}

function buy() {
  const totals = cart.totals;
  for (const line of cart.lines) tell("purchase", line.id);
  cart.clear();
  step("cart", "done");
  panes.show(byId("cart"), thanksContent(totals, { onClose: () => panes.close() }));
}

function refreshCart() {
  const count = byId("cart-count");
  count.hidden = cart.pieces === 0;
  count.textContent = String(cart.pieces);
  byId("cart-open").setAttribute("aria-label", `Cart, ${cart.pieces} ${cart.pieces === 1 ? "piece" : "pieces"}`);
}

/** Tell the chat what the customer is looking at. */
function announce(item) {
  document.dispatchEvent(new CustomEvent("attune:context", { detail: { item } }));
}

/** Keep the choice in the address, so that it can be shared and survives a reload. */
function remember(values) {
  const url = new URL(window.location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  window.history.replaceState(null, "", url);
}

/** Name what the customer is doing; without consent in the chat this does nothing. Never an item's or a person's name. */
function step(name, kind) {
  window.attune?.step(name, { kind });
}

let saying = 0;
function say(words) {
  clearTimeout(saying);
  byId("said").replaceChildren(el("span", { text: words }));
  saying = setTimeout(() => byId("said").replaceChildren(), 4000);
}
