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

const money = new Intl.NumberFormat("en-IE", { style: "currency", currency: "EUR" });

/** A price in EUR: €1,299.00. */
export function priceOf(amount) {
  return money.format(amount);
}
