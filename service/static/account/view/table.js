import { el } from "../../chat/view/dom.js";
import { t } from "../strings.js";

/** A table with a head: the words of its columns by their keys, and its body or rows. */
export function table(heads, body, { className = "table stacks", testid } = {}) {
  return el(
    "table",
    { class: className, testid },
    el("thead", {}, el("tr", {}, ...heads.map((key) => el("th", { text: t(key), attributes: { scope: "col" } })))),
    Array.isArray(body) ? el("tbody", {}, ...body) : body,
  );
}

/** One value of a row. label: the key of its column's head, which a phone shows beside the value. */
export function cell(label, text, ...children) {
  return el("td", { text, attributes: { "data-label": t(label) } }, ...children);
}
