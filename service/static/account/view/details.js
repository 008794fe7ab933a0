import { el } from "../../chat/view/dom.js";
import { t } from "../strings.js";
import { field } from "./form.js";

const OLDEST = 120;
const LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pl", "pt"];

/** The year of birth: whole, within a human life. */
export function yearField(value = "") {
  const now = new Date().getFullYear();
  return field({
    name: "birth_year", label: t("birthYear"), hint: t("birthYearHint"), value: value ?? "", inputmode: "numeric", autocomplete: "bday-year", maxlength: 4,
    check: (said) => (/^\d{4}$/.test(said) && said >= now - OLDEST && said <= now ? "" : t("fieldYear", { from: now - OLDEST, to: now })),
  });
}

/** The language to be addressed in, by its own name; "" when none is chosen. */
export function languageField(value = "") {
  const id = "language";
  const select = el(
    "select",
    { testid: "language", attributes: { id, name: id, autocomplete: "language" } },
    el("option", { text: "–", attributes: { value: "" } }),
    ...known(value).map((code) => el("option", { text: nameOf(code), attributes: { value: code, selected: code === value } })),
  );
  const node = el("div", { class: "field" }, el("label", { text: t("language"), attributes: { for: id } }), select);
  return { node, name: id, value: () => select.value };
}

function known(value) {
  return value && !LANGUAGES.includes(value) ? [value, ...LANGUAGES] : LANGUAGES;
}

function nameOf(code) {
  try {
    const name = new Intl.DisplayNames([code], { type: "language" }).of(code);
    return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
  } catch {
    return code;
  }
}
