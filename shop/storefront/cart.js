const KEY = "lumen.cart";

/** The cart of this browser: lines {id, title, price, currency, quantity, picture}. Event: "change". */
export class Cart extends EventTarget {
  #lines;

  constructor() {
    super();
    this.#lines = load();
    window.addEventListener("storage", (event) => {
      if (event.key === KEY) this.#set(load(), { save: false });
    });
  }

  get lines() {
    return [...this.#lines];
  }

  get pieces() {
    return this.#lines.reduce((sum, line) => sum + line.quantity, 0);
  }

  /** What it costs: [{price, currency}], one for each currency. Counted in cents: sums of binary fractions drift. */
  get totals() {
    const cents = new Map(this.#lines.length === 0 ? [["EUR", 0]] : []);
    for (const { price, currency, quantity } of this.#lines) {
      cents.set(currency, (cents.get(currency) ?? 0) + Math.round(price * 100) * quantity);
    }
    return [...cents].map(([currency, sum]) => ({ price: sum / 100, currency }));
  }

  /** What has no price cannot be bought here. */
  add({ id, title, price, currency = "EUR", picture }) {
    if (typeof price !== "number") return;
    const held = this.#lines.find((line) => line.id === id);
    if (held) this.setQuantity(id, held.quantity + 1);
    else this.#set([...this.#lines, { id, title, price, currency, picture, quantity: 1 }]);
  }

  /** Zero takes the line out; 99 is the most of one thing. */
  setQuantity(id, quantity) {
    const most = Math.min(99, quantity);
    this.#set(this.#lines.map((line) => (line.id === id ? { ...line, quantity: most } : line)).filter((line) => line.quantity > 0));
  }

  clear() {
    this.#set([]);
  }

  #set(lines, { save = true } = {}) {
    this.#lines = lines;
    if (save) store(lines);
    this.dispatchEvent(new Event("change"));
  }
}

function load() {
  try {
    const lines = JSON.parse(localStorage.getItem(KEY)) ?? [];
    return lines
      .filter((line) => typeof line.id === "string" && line.quantity > 0 && line.price >= 0)
      .map((line) => ({ currency: "EUR", ...line }));
  } catch {
    return [];
  }
}

function store(lines) {
  try {
    localStorage.setItem(KEY, JSON.stringify(lines));
  } catch {
    // The cart then lasts as long as the page.
  }
}
