import { button, el } from "../../chat/view/dom.js";
import { named, t } from "../strings.js";
import { momentOf } from "../times.js";
import { panel } from "./form.js";
import { cell, table } from "./table.js";

const FIRST = 8;

/** The receipts of every choice. take(answer) shows newer ones. */
export function receiptsPanel(first) {
  const place = el("div", { testid: "receipts" });
  const node = panel(t("receiptsTitle"), el("p", { class: "soft", text: t("receiptsLead") }), place);
  let receipts = [];
  let all = false;

  function draw() {
    if (receipts.length === 0) return place.replaceChildren(el("p", { text: t("receiptsNone") }));
    const shown = all ? receipts : receipts.slice(0, FIRST);
    const more = button({ class: "plain-button", text: t("showAll", { count: receipts.length }), on: { click: () => ((all = true), draw()) } });
    return place.replaceChildren(receiptTable(shown), ...(shown.length < receipts.length ? [more] : []));
  }

  const take = (answer) => {
    receipts = answer?.receipts ?? [];
    draw();
  };
  take(first);
  return { node, take };
}

function receiptTable(receipts) {
  return table(
    ["receiptWhen", "receiptWhat", "receiptUse", "receiptAnswer", "receiptText"],
    receipts.map((receipt) =>
      el(
        "tr",
        { testid: "receipt" },
        cell("receiptWhen", momentOf(receipt.at)),
        cell("receiptWhat", named("signal_", receipt.signal)),
        cell("receiptUse", named("use_", receipt.purpose)),
        cell("receiptAnswer", t(receipt.granted ? "allowed" : "withdrawn")),
        cell("receiptText", receipt.text_version),
      ),
    ),
  );
}
