const byId = (id) => document.getElementById(id);

/** Price and stock beside the words: {least, most, inStock}; "" and false where nothing is chosen. */
export class Filters {
  #onChange;
  #typing = 0;

  constructor(address, onChange) {
    this.#onChange = onChange;
    const { least, most, inStock } = fromAddress(address);
    byId("least").value = least;
    byId("most").value = most;
    byId("in-stock").checked = inStock;
    byId("filters").open = this.count > 0;
    for (const id of ["least", "most"]) byId(id).addEventListener("input", () => this.#soon());
    byId("in-stock").addEventListener("change", () => this.#changed());
    byId("clear-filters").addEventListener("click", () => this.clear());
    this.#draw();
  }

  get values() {
    return { least: priceIn("least"), most: priceIn("most"), inStock: byId("in-stock").checked };
  }

  /** How many are set. */
  get count() {
    const { least, most, inStock } = this.values;
    return [least !== "", most !== "", inStock].filter(Boolean).length;
  }

  clear() {
    byId("least").value = "";
    byId("most").value = "";
    byId("in-stock").checked = false;
    this.#changed();
    byId("filters-title").focus();
  }

  #soon() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#changed(), 350);
  }

  #changed() {
    this.#draw();
    this.#onChange();
  }

  #draw() {
    const { least, most } = this.values;
    const isUpsideDown = least !== "" && most !== "" && Number(least) > Number(most);
    byId("filter-problem").textContent = isUpsideDown ? "The lower price is above the higher one." : "";
    byId("filters-title").textContent = this.count === 0 ? "Filters" : `Filters · ${this.count}`;
    byId("clear-filters").hidden = this.count === 0;
  }
}

/** What the address of the page says, if it makes sense. */
export function fromAddress(address) {
  const number = (name) => (/^\d{1,7}([.,]\d{1,2})?$/.test(address.searchParams.get(name) ?? "") ? address.searchParams.get(name) : "");
  return { least: number("from"), most: number("to"), inStock: address.searchParams.get("stock") === "1" };
}

function priceIn(id) {
  const text = byId(id).value.trim().replace(",", ".");
  return /^\d{1,7}(\.\d{1,2})?$/.test(text) ? text : "";
}
