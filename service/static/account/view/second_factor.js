import { button, el } from "../../chat/view/dom.js";
import { t } from "../strings.js";
import { act, download, field, form, panel } from "./form.js";

/** A code of an authenticator app besides the password: set up, recovery codes, turn off. */
export function secondFactorPanel(ctx) {
  const place = el("div", { testid: "second-factor" });
  const node = panel(t("secondFactor"), place);
  const draw = () => place.replaceChildren(...(ctx.account.has_second_factor ? isOn() : isOff()));

  function isOff() {
    const words = ctx.account.second_factor_required ? t("secondFactorRequired") : t("secondFactorLead");
    return [
      el("p", { text: words }),
      act({ text: t("secondFactorBegin"), testid: "second-factor-begin", className: "main-button is-quiet", say: ctx.say, onClick: async () => place.replaceChildren(...setUp(await ctx.api.startSecondFactor())) }),
    ];
  }

  function setUp({ secret, qr_svg: picture }) {
    const code = field({ name: "code", label: t("secondFactorCode"), required: true, inputmode: "numeric", autocomplete: "one-time-code", maxlength: 12, testid: "second-factor-code" });
    return [
      el("p", { text: t("secondFactorScan") }),
      // As a picture of its own: what came from the server never becomes markup of this page.
      picture ? el("img", { class: "qr", testid: "second-factor-qr", attributes: { src: svgAddress(picture), alt: t("secondFactorPicture"), width: 200, height: 200 } }) : null,
      el("dl", { class: "facts" }, el("dt", { text: t("secondFactorKey") }), el("dd", {}, el("code", { text: grouped(secret), testid: "second-factor-secret" }))),
      form({
        testid: "second-factor-confirm",
        fields: [code],
        submit: t("secondFactorConfirm"),
        onSubmit: async (said) => {
          const answer = await ctx.api.confirmSecondFactor(said.code.replace(/\s/g, ""));
          ctx.account = { ...ctx.account, has_second_factor: true };
          ctx.say(t("secondFactorDone"));
          place.replaceChildren(...recovery(answer.recovery_codes ?? []));
          place.querySelector("h3").focus();
        },
      }),
    ].filter(Boolean);
  }

  function recovery(codes) {
    const text = codes.join("\n");
    return [
      el("h3", { text: t("recoveryTitle"), attributes: { tabindex: "-1" } }),
      el("p", { text: t("recoveryLead") }),
      el("ul", { class: "codes", testid: "recovery-codes" }, ...codes.map((code) => el("li", {}, el("code", { text: code })))),
      el(
        "div",
        { class: "button-row" },
        button({ class: "main-button is-quiet", text: t("recoverySave"), on: { click: () => download("recovery-codes.txt", `${text}\n`) } }),
        button({ class: "main-button", text: t("recoveryKept"), testid: "recovery-kept", on: { click: () => ctx.redraw() } }),
      ),
    ];
  }

  function isOn() {
    const password = field({ name: "password", label: t("currentPassword"), type: "password", required: ctx.account.has_password, autocomplete: "current-password", maxlength: 1024, testid: "second-factor-password" });
    return [
      el("p", { text: t("secondFactorOn") }),
      form({
        testid: "second-factor-remove",
        quiet: true,
        fields: [password],
        submit: t("secondFactorRemove"),
        onSubmit: async (said) => {
          await ctx.api.removeSecondFactor(said.password);
          ctx.account = { ...ctx.account, has_second_factor: false };
          ctx.say(t("secondFactorRemoved"));
          draw();
        },
      }),
    ];
  }

  draw();
  return node;
}

function svgAddress(text) {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}

/** Four letters at a time: how people type a key. */
function grouped(secret) {
  return String(secret ?? "").replace(/(.{4})(?=.)/g, "$1 ");
}
