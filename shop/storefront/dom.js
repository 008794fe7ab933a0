/** An element. Text goes through textContent alone. options: {class, text, testid, attributes, on}. */
export function el(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  if (options.class) node.className = options.class;
  if (options.text !== undefined) node.textContent = options.text;
  if (options.testid) node.dataset.testid = options.testid;
  for (const [name, value] of Object.entries(options.attributes ?? {})) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  for (const [event, handler] of Object.entries(options.on ?? {})) node.addEventListener(event, handler);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A button that submits nothing. */
export function button(options, ...children) {
  return el("button", { ...options, attributes: { type: "button", ...options.attributes } }, ...children);
}

const money = new Map();

/** An amount in its currency (three letters): €1,299.00. */
export function amountOf(amount, currency = "EUR") {
  if (!money.has(currency)) money.set(currency, formatter(currency));
  return money.get(currency).format(amount);
}

/** The price of an item in words; the shop does not name one for everything. */
export function priceOf({ price, currency }) {
  return typeof price === "number" ? amountOf(price, currency) : "Price on request";
}

function formatter(currency) {
  try {
    return new Intl.NumberFormat("en-IE", { style: "currency", currency });
  } catch {
    return { format: (amount) => `${amount} ${currency}` };
  }
}
