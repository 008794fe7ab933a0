import { button, el } from "../../chat/view/dom.js";
import { failure, t } from "../strings.js";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
let count = 0;

/**
 * One labelled input with its hint and its own error line.
 *
 * options: name, label, type, hint, value, required, autocomplete, inputmode, maxlength, minlength, testid,
 * check(value) → words of what is wrong, or "". Answers {node, name, input, value(), refuse(words)}.
 */
export function field(options) {
  const { name, label, type = "text", hint = "", value = "", required = false, testid = name, check = null } = options;
  count += 1;
  const id = `f${count}-${name}`;
  const input = el("input", {
    testid,
    attributes: {
      id, name, type, required, value,
      autocomplete: options.autocomplete ?? "off",
      inputmode: options.inputmode,
      maxlength: options.maxlength ?? 320,
      minlength: options.minlength,
      "aria-describedby": `${hint ? `${id}-hint ` : ""}${id}-wrong`,
      autocapitalize: type === "email" || type === "password" ? "none" : undefined,
      spellcheck: type === "text" ? undefined : "false",
    },
  });
  const wrong = el("p", { class: "field-wrong", attributes: { id: `${id}-wrong`, role: "alert" } });
  const box = type === "password" ? withEye(input) : input;
  const node = el(
    "div",
    { class: "field" },
    el("label", { text: label, attributes: { for: id } }),
    hint ? el("p", { class: "field-hint", text: hint, attributes: { id: `${id}-hint` } }) : null,
    box,
    wrong,
  );
  const refuse = (words) => {
    wrong.textContent = words;
    if (words) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  input.addEventListener("input", () => refuse(""));
  const said = () => (type === "password" ? input.value : input.value.trim());
  return { node, name, input, value: said, refuse, problem: () => problemOf(said(), { type, required, minlength: options.minlength, check }) };
}

function problemOf(value, { type, required, minlength, check }) {
  if (value === "") return required ? t("fieldMissing") : "";
  if (type === "email" && !EMAIL.test(value)) return t("fieldEmail");
  if (minlength && value.length < minlength) return t("fieldShort", { count: minlength });
  return check ? check(value) : "";
}

/** A password with a button that shows what was typed. */
function withEye(input) {
  const eye = button({ class: "eye", text: "", attributes: { "aria-pressed": "false", "aria-label": t("showPassword") } });
  const draw = () => {
    const shown = input.type === "text";
    eye.textContent = t(shown ? "hide" : "show");
    eye.setAttribute("aria-label", t(shown ? "hidePassword" : "showPassword"));
    eye.setAttribute("aria-pressed", String(shown));
  };
  eye.addEventListener("click", () => {
    input.type = input.type === "password" ? "text" : "password";
    draw();
  });
  draw();
  return el("div", { class: "with-eye" }, input, eye);
}

/**
 * A form that checks its fields, shows what the server refuses, and cannot be sent twice at once.
 *
 * fields: of field(), or nodes without a value. onSubmit(values) does the work and may raise ApiError.
 */
export function form({ fields, submit, testid, onSubmit, quiet = false, danger = false }) {
  const inputs = fields.filter((one) => one.input);
  const wrong = el("p", { class: "form-wrong", testid: `${testid}-wrong`, attributes: { role: "alert" } });
  const send = el("button", {
    class: ["main-button", quiet && "is-quiet", danger && "is-danger"].filter(Boolean).join(" "),
    text: submit,
    testid: `${testid}-submit`,
    attributes: { type: "submit" },
  });
  const node = el(
    "form",
    { class: "form", testid, attributes: { novalidate: true } },
    ...fields.map((one) => one.node ?? one),
    wrong,
    send,
  );
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (send.getAttribute("aria-disabled") === "true") return;
    wrong.textContent = "";
    const failed = inputs.filter((one) => {
      one.refuse(one.problem());
      return one.input.getAttribute("aria-invalid") === "true";
    });
    if (failed.length > 0) {
      failed[0].input.focus();
      return;
    }
    send.setAttribute("aria-disabled", "true");
    try {
      await onSubmit(Object.fromEntries(inputs.map((one) => [one.name, one.value()])));
    } catch (error) {
      wrong.textContent = failure(error);
    } finally {
      send.removeAttribute("aria-disabled");
    }
  });
  return node;
}

/** A button whose work may fail. say(words) tells what went wrong; onClick may raise ApiError. */
export function act({ text, testid, className = "plain-button", label = null, say, onClick }) {
  const node = button({ class: className, text, testid, attributes: label ? { "aria-label": label } : {} });
  node.addEventListener("click", async () => {
    if (node.getAttribute("aria-disabled") === "true") return;
    node.setAttribute("aria-disabled", "true");
    try {
      await onClick();
    } catch (error) {
      say(failure(error), { wrong: true });
    } finally {
      node.removeAttribute("aria-disabled");
    }
  });
  return node;
}

/** A switch row as in the chat. onMove(on) stores it and may raise; the switch then goes back. */
export function switchRow({ label, hint = "", checked, disabled = false, testid, onMove }) {
  const input = el("input", { testid, attributes: { type: "checkbox", role: "switch", autocomplete: "off", disabled } });
  input.checked = checked;
  input.addEventListener("change", () => onMove(input.checked, input));
  const words = el("span", {}, el("b", { text: label }), hint ? el("small", { text: hint }) : null);
  return el("label", { class: "switch-row" }, words, input);
}

/** A panel with a heading of its own. */
export function panel(title, ...children) {
  count += 1;
  const id = `h${count}`;
  return el("section", { class: "panel", attributes: { "aria-labelledby": id } }, el("h2", { text: title, attributes: { id } }), ...children);
}

/** Offer text to the customer as a file of their own. */
export function download(name, content, type = "text/plain;charset=utf-8") {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const address = URL.createObjectURL(blob);
  const link = el("a", { attributes: { href: address, download: name, hidden: true } });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
