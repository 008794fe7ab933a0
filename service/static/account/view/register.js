import { el } from "../../chat/view/dom.js";
import { t } from "../strings.js";
import { field, form } from "./form.js";
import { languageField, yearField } from "./details.js";
import { link } from "./sign_in.js";

const SHORTEST = 8;

/** A new password: its hint says what makes a good one; the server judges it. */
export function newPasswordField(label = t("newPassword")) {
  return field({ name: "password", label, hint: t("passwordHint"), type: "password", required: true, minlength: SHORTEST, autocomplete: "new-password", maxlength: 1024, testid: "new-password" });
}

export function registerView(ctx) {
  const place = el("div", { class: "narrow" });
  const email = field({ name: "email", label: t("email"), type: "email", required: true, autocomplete: "username", inputmode: "email" });
  const name = field({ name: "name", label: t("name"), hint: t("nameHint"), autocomplete: "name", maxlength: 120 });
  const language = languageField();
  const year = yearField();
  const more = el("details", { class: "more" }, el("summary", { text: t("optional") }), el("div", {}, name.node, language.node, year.node));
  const registration = form({
    testid: "register",
    fields: [email, newPasswordField(t("password")), more],
    submit: t("register"),
    onSubmit: async (said) => {
      for (const one of [name, year]) {
        one.refuse(one.problem());
        if (one.problem()) return one.input.focus();
      }
      const details = { email: said.email, password: said.password };
      if (name.value()) details.name = name.value();
      if (language.value()) details.language = language.value();
      if (year.value()) details.birth_year = Number(year.value());
      await ctx.api.register(details);
      return place.replaceChildren(...checkMail(said.email));
    },
  });
  place.append(
    el("h1", { text: t("registerTitle") }),
    el("p", { class: "lead", text: t("registerLead") }),
    el("div", { class: "panel" }, registration),
    el("p", { class: "aside" }, `${t("haveAccount")} `, link("#sign-in", t("toSignIn"))),
  );
  return place;
}

/** The same for every address: whether it has an account is told in the mail alone. */
function checkMail(email) {
  return [
    el("h1", { text: t("checkMailTitle"), testid: "check-mail" }),
    el("p", { class: "lead", text: t("checkMail", { email }), attributes: { role: "status" } }),
    el("p", { class: "soft", text: t("checkMailHint") }),
    el("p", {}, link("#sign-in", t("toSignIn"))),
  ];
}

/** The link of a mail, confirmed by a tap: programs that read mails open links too. */
export function verifyView(ctx, token) {
  const lead = el("p", { class: "lead", text: t("verifyLead") });
  const password = field({ name: "password", label: t("password"), type: "password", autocomplete: "current-password", maxlength: 1024 });
  password.node.hidden = true;
  return el(
    "div",
    { class: "narrow" },
    el("h1", { text: t("verifyTitle") }),
    lead,
    el(
      "div",
      { class: "panel" },
      form({
        testid: "verify",
        fields: [password],
        submit: t("verify"),
        onSubmit: async (said) => {
          try {
            await ctx.signedIn(await ctx.api.verify(token, said.password));
            ctx.say(t("verified"));
          } catch (error) {
            if (error.code === "password_needed") {
              lead.textContent = t("verifyPassword");
              password.node.hidden = false;
              return password.input.focus();
            }
            // A changed address is confirmed by whoever is signed in to the account; the link waits meanwhile.
            if (error.code !== "not_signed_in") throw error;
            ctx.afterwards = `verify=${token}`;
            ctx.problem = t("verifySignIn");
            ctx.go("sign-in");
          }
        },
      }),
    ),
    el("p", { class: "aside" }, link("#sign-in", t("toSignIn"))),
  );
}

export function forgotView(ctx) {
  const place = el("div", { class: "narrow" });
  const email = field({ name: "email", label: t("email"), type: "email", required: true, autocomplete: "username", inputmode: "email" });
  place.append(
    el("h1", { text: t("forgotTitle") }),
    el("p", { class: "lead", text: t("forgotLead") }),
    el(
      "div",
      { class: "panel" },
      form({
        testid: "forgot",
        fields: [email],
        submit: t("forgotSend"),
        onSubmit: async (said) => {
          await ctx.api.forgot(said.email);
          place.replaceChildren(...checkMail(said.email));
        },
      }),
    ),
    el("p", { class: "aside" }, link("#sign-in", t("toSignIn"))),
  );
  return place;
}

export function resetView(ctx, token) {
  return el(
    "div",
    { class: "narrow" },
    el("h1", { text: t("resetTitle") }),
    el("p", { class: "lead", text: t("resetLead") }),
    el(
      "div",
      { class: "panel" },
      form({
        testid: "reset",
        fields: [newPasswordField()],
        submit: t("resetSave"),
        onSubmit: async (said) => {
          await ctx.api.resetPassword(token, said.password);
          ctx.say(t("resetDone"));
          ctx.go("sign-in");
        },
      }),
    ),
    el("p", { class: "aside" }, link("#forgot", t("forgotAgain"))),
  );
}
