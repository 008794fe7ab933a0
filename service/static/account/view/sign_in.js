import { button, el } from "../../chat/view/dom.js";
import { t } from "../strings.js";
import { act, field, form } from "./form.js";

/** The first step of signing in, and the second where the account has one. ctx: see main.js. */
export function signInView(ctx) {
  const place = el("div", { class: "narrow" });
  place.append(...firstStep(ctx, (proof) => place.replaceChildren(...secondStep(ctx, proof))));
  return place;
}

function firstStep(ctx, onSecond) {
  const providers = el("div", { class: "providers" });
  showProviders(ctx, providers);
  const credentials = form({
    testid: "sign-in",
    fields: [
      field({ name: "email", label: t("email"), type: "email", required: true, autocomplete: "username", inputmode: "email" }),
      field({ name: "password", label: t("password"), type: "password", required: true, autocomplete: "current-password", maxlength: 1024 }),
    ],
    submit: t("signIn"),
    onSubmit: async (proof) => {
      try {
        await ctx.signedIn(await ctx.api.login(proof));
      } catch (error) {
        if (error.code !== "second_factor") throw error;
        onSecond(proof);
      }
    },
  });
  return [
    el("h1", { text: t("signInTitle") }),
    el("p", { class: "lead", text: t("signInLead") }),
    ctx.joining() ? el("p", { class: "hint-box", text: t("joinFirst") }) : null,
    el("div", { class: "panel" }, credentials, link("#forgot", t("forgot"), "to-forgot")),
    el("div", { class: "panel other-ways" }, link("#phone", t("signInPhone"), "to-phone", "main-button is-quiet"), providers),
    el("p", { class: "aside" }, `${t("newHere")} `, link("#register", t("register"), "to-register")),
    el("p", { class: "aside soft", text: t("noAccountNeeded") }),
  ].filter(Boolean);
}

function secondStep(ctx, proof) {
  const code = field({ name: "code", label: t("secondCode"), required: true, autocomplete: "one-time-code", maxlength: 40, testid: "second-code" });
  setTimeout(() => code.input.focus());
  return [
    el("h1", { text: t("secondTitle") }),
    el("p", { class: "lead", text: t("secondLead") }),
    el(
      "div",
      { class: "panel" },
      form({
        testid: "second",
        fields: [code],
        submit: t("signIn"),
        onSubmit: async (said) => ctx.signedIn(await ctx.api.login({ ...proof, code: said.code })),
      }),
    ),
    el("p", { class: "aside" }, button({ class: "link", text: t("back"), on: { click: () => ctx.redraw() } })),
  ];
}

async function showProviders(ctx, place) {
  // Without an answer there is nothing to offer; the other ways stay.
  const list = (await ctx.api.providers().catch(() => [])) ?? [];
  place.append(
    ...list.map(({ id, name }) =>
      el("a", { class: "main-button is-quiet", text: t("signInWith", { name }), testid: `provider-${id}`, attributes: { href: ctx.api.providerAddress(id) } }),
    ),
  );
}

/** Signing in, or up, by a code sent to the phone. */
export function phoneView(ctx) {
  return el(
    "div",
    { class: "narrow" },
    el("h1", { text: t("phoneTitle") }),
    el("p", { class: "lead", text: t("phoneLead") }),
    el("div", { class: "panel" }, phoneSteps(ctx, { submit: t("signIn"), onConfirmed: (account) => ctx.signedIn(account) })),
    el("p", { class: "aside" }, link("#sign-in", t("signInEmail"))),
  );
}

/** The number, then the code that was sent to it. onConfirmed(account): the code was right. */
export function phoneSteps(ctx, { submit, quiet = false, onConfirmed }) {
  const place = el("div", {});
  const ask = () => {
    const phone = field({
      name: "phone", label: t("phone"), hint: t("phoneHint"), type: "tel", required: true, autocomplete: "tel", inputmode: "tel", maxlength: 32,
      check: (value) => (/^\+[\d\s().-]{6,30}$/.test(value) ? "" : t("fieldPhone")),
    });
    place.replaceChildren(form({ testid: "phone-start", fields: [phone], submit: t("phoneSend"), quiet, onSubmit: (said) => send(said.phone) }));
  };
  const send = async (phone) => {
    await ctx.api.startPhone(phone);
    let asksSecond = false;
    const second = field({ name: "second", label: t("secondCode"), autocomplete: "one-time-code", maxlength: 40, testid: "phone-second" });
    second.node.hidden = true;
    const code = field({ name: "code", label: t("code"), hint: t("codeHint"), required: true, autocomplete: "one-time-code", inputmode: "numeric", maxlength: 12, testid: "phone-code" });
    place.replaceChildren(
      el("p", { text: t("phoneSent", { phone }), attributes: { role: "status" } }),
      form({
        testid: "phone-confirm",
        fields: [code, second],
        submit,
        onSubmit: async (said) => {
          try {
            await onConfirmed(await ctx.api.confirmPhone(phone, said.code.replace(/\s/g, ""), asksSecond ? said.second : null));
          } catch (error) {
            if (error.code !== "second_factor" || asksSecond) throw error;
            asksSecond = true;
            second.node.hidden = false;
            second.input.focus();
          }
        },
      }),
      act({ text: t("phoneAgain"), className: "link", say: ctx.say, onClick: async () => ask() }),
    );
    code.input.focus();
  };
  ask();
  return place;
}

/** A link to another part of this page. */
export function link(address, text, testid = undefined, className = "") {
  return el("a", { class: className, text, testid, attributes: { href: address } });
}
