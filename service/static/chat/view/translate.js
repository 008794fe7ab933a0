import { LANGUAGE, t } from "../strings.js";

/**
 * The words of the static page: data-t for the text, data-t-label for the label, data-t-hint for the placeholder.
 * Answers the page's title.
 */
export function translate() {
  document.documentElement.lang = LANGUAGE;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-t-label]")) node.setAttribute("aria-label", t(node.dataset.tLabel));
  for (const node of document.querySelectorAll("[data-t-hint]")) node.placeholder = t(node.dataset.tHint);
  return t("title");
}
