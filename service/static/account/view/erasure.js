import { button, el } from "../../chat/view/dom.js";
import { named, t } from "../strings.js";
import { momentOf } from "../times.js";
import { act, download, field, form, panel } from "./form.js";
import { cell, table } from "./table.js";

/** Delete everything: first what it would mean, then a confirmation, then the proof. */
export function erasurePanel(ctx) {
  const place = el("div", { attributes: { "aria-live": "polite" } });
  const begin = act({
    text: t("erasePreview"),
    testid: "erase-preview",
    className: "main-button is-quiet",
    say: ctx.say,
    onClick: async () => {
      const preview = await ctx.api.erasure();
      begin.hidden = true;
      place.replaceChildren(...previewParts(preview), confirmation(ctx, () => {
        begin.hidden = false;
        place.replaceChildren();
        begin.focus();
      }));
    },
  });
  const node = panel(t("eraseTitle"), el("p", { text: t("eraseLead") }), begin, place);
  node.classList.add("is-last");
  return node;
}

function previewParts({ stores = [], backups = [] }) {
  const some = stores.filter((store) => store.count > 0 || store.outcome !== "deleted");
  const copies = backups.filter((backup) => backup.holds !== false).length;
  const rows = some.map((store) =>
    el(
      "tr",
      {},
      cell("eraseWhat", store.title ?? store.name),
      cell("eraseCount", String(store.count ?? "")),
      cell("eraseThen", undefined, el("b", { text: named("erase_", store.outcome) }), store.note ? el("small", { text: store.note }) : null),
    ),
  );
  return [
    table(["eraseWhat", "eraseCount", "eraseThen"], rows, { testid: "erase-stores" }),
    copies > 0 ? el("p", { class: "soft", text: t("eraseBackups", { count: copies }) }) : null,
  ].filter(Boolean);
}

function confirmation(ctx, onCancel) {
  const understood = el("input", { testid: "erase-understood", attributes: { type: "checkbox", id: "erase-understood", autocomplete: "off" } });
  const proof = proofFields(ctx.account);
  const wrong = el("p", { class: "field-wrong", attributes: { role: "alert" } });
  const confirm = form({
    testid: "erase",
    danger: true,
    fields: [el("label", { class: "check-row" }, understood, el("span", { text: t("eraseUnderstood") })), wrong, ...proof],
    submit: t("eraseConfirm"),
    onSubmit: async (said) => {
      wrong.textContent = understood.checked ? "" : t("eraseTick");
      if (!understood.checked) return understood.focus();
      ctx.say(t("erasing"));
      const answer = await ctx.api.erase(said);
      return ctx.erased(answer.certificate);
    },
  });
  return el("div", {}, confirm, button({ class: "link", text: t("cancel"), on: { click: onCancel } }));
}

/** The password again: a browser left open must not be enough. Who has none must have signed in just now; guests have
 * their token. */
function proofFields(account) {
  if (!account?.has_password) return [];
  return [field({ name: "password", label: t("erasePassword"), type: "password", required: true, autocomplete: "current-password", maxlength: 1024, testid: "erase-password" })];
}

/** The certificate, on a page of its own: nothing else is left to show. */
export function erasedView(certificate) {
  const found = certificate?.residual?.length ?? 0;
  const complete = certificate?.ok !== false && found === 0;
  const search = certificate?.search;
  return el(
    "div",
    { class: "narrow", testid: "certificate" },
    el("h1", { text: t(complete ? "erasedTitle" : "eraseIncompleteTitle") }),
    el("p", { class: "lead", text: t(complete ? "erasedLead" : "eraseIncomplete") }),
    el(
      "div",
      { class: "panel" },
      el(
        "dl",
        { class: "facts" },
        el("dt", { text: t("erasedNumber") }),
        el("dd", { text: String(certificate?.id ?? ""), testid: "certificate-id" }),
        el("dt", { text: t("receiptWhen") }),
        el("dd", { text: momentOf(certificate?.at) }),
        ...(search ? [el("dt", { text: t("erasedSearched") }), el("dd", { text: t("erasedSearch", { files: search.files ?? 0, values: search.values ?? 0 }) })] : []),
        el("dt", { text: t("erasedResult") }),
        el("dd", { text: found === 0 ? t("erasedNothing") : t("erasedFound", { count: found }) }),
      ),
      ...(certificate?.pending ?? []).map((words) => el("p", { class: "soft", text: String(words) })),
      button({
        class: "main-button is-quiet",
        text: t("erasedProof"),
        testid: "certificate-save",
        on: { click: () => download(`certificate-${certificate?.id ?? "erasure"}.json`, JSON.stringify(certificate, null, 2), "application/json") },
      }),
    ),
  );
}
