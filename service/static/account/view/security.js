import { el } from "../../chat/view/dom.js";
import { t } from "../strings.js";
import { momentOf } from "../times.js";
import { act, field, form, panel } from "./form.js";
import { newPasswordField } from "./register.js";
import { secondFactorPanel } from "./second_factor.js";
import { phoneSteps } from "./sign_in.js";

/** Password, address, second step and sessions. What is demanded, another password or a second step, stands alone. */
export async function securityView(ctx) {
  if (ctx.account.password_required) {
    return el("div", {}, el("h1", { text: t("securityTitle") }), el("p", { text: t("firstPasswordLead"), testid: "first-password" }), passwordPanel(ctx));
  }
  const must = ctx.account.second_factor_required && !ctx.account.has_second_factor;
  if (must) return el("div", {}, el("h1", { text: t("securityTitle") }), secondFactorPanel(ctx));
  const found = await ctx.api.sessions();
  return el(
    "div",
    {},
    el("h1", { text: t("securityTitle") }),
    sessionsPanel(ctx, found.sessions),
    passwordPanel(ctx),
    secondFactorPanel(ctx),
    emailPanel(ctx),
    phonePanel(ctx),
    await providersPanel(ctx),
  );
}

function sessionsPanel(ctx, sessions) {
  const list = el("ul", { class: "list", testid: "sessions" });
  let kept = sessions;
  const draw = () =>
    list.replaceChildren(
      ...kept.map((session) => {
        const device = session.device || t("sessionUnknown");
        return el(
          "li",
          { class: "session", testid: "session" },
          el("div", {}, el("b", { text: device }), session.current ? el("span", { class: "badge", text: t("sessionHere") }) : null, el("small", { text: t("sessionSince", { since: momentOf(session.since), seen: momentOf(session.seen_at) }) })),
          session.current
            ? null
            : act({
                text: t("sessionEnd"),
                label: t("sessionEndLabel", { device }),
                testid: "session-end",
                say: ctx.say,
                onClick: async () => {
                  await ctx.api.endSession(session.id);
                  kept = kept.filter((one) => one.id !== session.id);
                  draw();
                  ctx.say(t("sessionEnded"));
                },
              }),
        );
      }),
    );
  draw();
  const everywhere = act({ text: t("everywhere"), testid: "everywhere", className: "main-button is-quiet", say: ctx.say, onClick: () => ctx.signOut({ everywhere: true }) });
  return panel(t("sessionsTitle"), list, everywhere, el("p", { class: "soft", text: t("everywhereHint") }));
}

function passwordPanel(ctx) {
  const current = field({ name: "current", label: t("currentPassword"), type: "password", required: true, autocomplete: "current-password", maxlength: 1024, testid: "current-password" });
  const fresh = newPasswordField();
  const hasOne = ctx.account.has_password;
  const change = form({
    testid: "password",
    fields: hasOne ? [current, fresh] : [fresh],
    submit: t("save"),
    quiet: true,
    onSubmit: async (said) => {
      await ctx.api.changePassword(said.current, said.password);
      ctx.account = { ...ctx.account, has_password: true, password_required: false };
      ctx.say(t("passwordChanged"));
      ctx.redraw();
    },
  });
  return panel(t("changePassword"), ...(hasOne ? [change] : [el("p", { text: t("setPasswordLead") }), change]));
}

function emailPanel(ctx) {
  const state = el("p", { class: "soft", attributes: { role: "status" } });
  return panel(
    t("changeEmail"),
    ctx.account.email ? el("p", { class: "soft", text: t("emailNow", { email: ctx.account.email }) }) : null,
    form({
      testid: "email-change",
      quiet: true,
      fields: [
        field({ name: "email", label: t("emailNew"), type: "email", required: true, autocomplete: "email", inputmode: "email", testid: "new-email" }),
        ...(ctx.account.has_password
          ? [field({ name: "password", label: t("currentPassword"), type: "password", required: true, autocomplete: "current-password", maxlength: 1024, testid: "email-password" })]
          : []),
      ],
      submit: t("emailSend"),
      onSubmit: async (said) => {
        await ctx.api.changeEmail(said.email, said.password);
        state.textContent = t("emailSent", { email: said.email });
      },
    }),
    state,
  );
}

function phonePanel(ctx) {
  const { phone, role } = ctx.account;
  // Members of staff sign in with their password.
  if (role !== "customer") return "";
  const steps = phoneSteps(ctx, {
    submit: t("save"),
    quiet: true,
    onConfirmed: (account) => {
      ctx.account = account;
      ctx.say(t("phoneChanged"));
      ctx.redraw();
    },
  });
  return panel(t("changePhone"), el("p", { class: "soft", text: phone ? t("phoneNow", { phone }) : t("phoneNone") }), steps);
}

/** Accounts elsewhere that may open this one, where any are set up. */
async function providersPanel(ctx) {
  const providers = ctx.account.role === "customer" ? await ctx.api.providers() : [];
  if (providers.length === 0) return "";
  const ways = providers.map(({ id, name }) => el("a", { class: "main-button is-quiet", text: t("providerAdd", { name }), attributes: { href: ctx.api.providerAddress(id) } }));
  return panel(t("providersTitle"), el("p", { class: "soft", text: t("providersLead") }), el("div", { class: "button-row" }, ...ways));
}
