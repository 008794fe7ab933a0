import { button, el } from "../chat/view/dom.js";
import { AccountApi } from "./api.js";
import { BrowserConversation } from "./guest.js";
import { failure, has, t } from "./strings.js";
import { privacyView } from "./view/consents.js";
import { erasedView } from "./view/erasure.js";
import { act } from "./view/form.js";
import { joinOffer } from "./view/join.js";
import { myDataView } from "./view/my_data.js";
import { notificationsView } from "./view/notifications.js";
import { detailsPanel, profileView } from "./view/profile.js";
import { forgotView, registerView, resetView, verifyView } from "./view/register.js";
import { securityView } from "./view/security.js";
import { link, phoneView, signInView } from "./view/sign_in.js";
import { Toast } from "./view/toast.js";

const SECTIONS = {
  profile: profileView,
  privacy: privacyView,
  data: myDataView,
  security: securityView,
  notifications: notificationsView,
};
const GUEST_SECTIONS = ["privacy", "data"];
const STAFF_SECTIONS = ["profile", "security"];
const OPEN = { "sign-in": signInView, phone: phoneView, register: registerView, forgot: forgotView };
const WITH_TOKEN = { verify: verifyView, reset: resetView };

const byId = (id) => document.getElementById(id);
const toast = new Toast(byId("said"));
const browserConversation = new BrowserConversation();
let drawing = 0;
let hasShown = false;
let certificate = null;

/**
 * What the views share. account: of GET /api/account, null for guests and before signing in. api: as that person.
 * problem: what went wrong on the way here, told once. afterwards: the place to go to after signing in. say(words, {wrong}) tells in passing; go(place) changes the address; redraw() shows the place anew.
 */
const ctx = {
  account: null,
  problem: "",
  afterwards: "",
  api: new AccountApi({ onSignedOut: () => endSession(t("signedOutElsewhere")) }),
  conversation: browserConversation,
  say: (words, options) => toast.say(words, options),
  go: (place) => (location.hash === `#${place}` ? draw() : (location.hash = place)),
  redraw: () => draw(),
  joining: () => place() === "join" && browserConversation.mayJoin,
  signedIn,
  signOut,
  erased,
};

translate();
handOver();
window.addEventListener("hashchange", () => {
  handOver();
  draw();
});
await begin();

async function begin() {
  show(el("p", { class: "soft loading", text: t("loading") }));
  try {
    ctx.account = await ctx.api.account();
  } catch (error) {
    // A guest's part needs no account, and works without knowing of one.
    if (error.status !== 401 && !place().startsWith("guest")) return show(trouble(error, begin));
  }
  return draw();
}

function place() {
  return decodeURIComponent(location.hash.slice(1));
}

/** Take a conversation's token out of the address before anything else reads it. */
function handOver() {
  const left = browserConversation.take(location.hash);
  if (left !== location.hash) history.replaceState(null, "", left);
  const failed = /^#error=([a-z_]{1,40})$/.exec(location.hash);
  if (!failed) return;
  ctx.problem = has(`error_${failed[1]}`) ? t(`error_${failed[1]}`) : t("error_provider");
  history.replaceState(null, "", location.pathname);
}

/** Show what the address names, as the person who is here. */
async function draw() {
  drawing += 1;
  const mine = drawing;
  const { view, nav, here, title } = chosen(place());
  drawFrame(nav, here, title);
  show(el("p", { class: "soft loading", text: t("loading") }));
  let node;
  try {
    node = await view();
  } catch (error) {
    if (error.code === "not_signed_in") return;
    node = trouble(error, draw);
  }
  if (mine !== drawing) return;
  show(node);
  if (ctx.problem) {
    node.prepend(el("p", { class: "problem", text: ctx.problem, testid: "problem", attributes: { role: "alert" } }));
    ctx.problem = "";
  }
  document.title = `${byId("content").querySelector("h1")?.textContent ?? title} · ${title}`;
}

/** The view, the sections beside it, and where one is. */
function chosen(where) {
  const [name, token] = where.split(/=(.*)/s);
  if (certificate) return { view: () => erasedView(certificate), nav: [], here: "", title: t("accountTitle") };
  if (token && name in WITH_TOKEN) return { view: () => WITH_TOKEN[name](ctx, token), nav: [], here: "", title: t("accountTitle") };
  if (name.startsWith("guest") && !(browserConversation.isJoined && ctx.account)) return asGuest(name.split("/")[1] ?? "privacy");
  if (ctx.account) return asCustomer(name);
  return { view: () => (OPEN[name] ?? signInView)(ctx), nav: [], here: "", title: t("accountTitle") };
}

function asCustomer(name) {
  const isStaff = ctx.account.role !== "customer";
  const mustSecure = ctx.account.password_required || (ctx.account.second_factor_required && !ctx.account.has_second_factor);
  const allowed = mustSecure ? ["security"] : isStaff ? STAFF_SECTIONS : Object.keys(SECTIONS);
  const here = allowed.includes(name) ? name : allowed[0];
  const section = isStaff && here === "profile" ? staffProfile : SECTIONS[here];
  const view = async () => {
    const node = await section(ctx);
    if (!isStaff && browserConversation.mayJoin) node.prepend(joinOffer(ctx));
    return node;
  };
  return { view, nav: allowed.map((one) => [one, `#${one}`]), here, title: t("accountTitle") };
}

function asGuest(name) {
  const person = browserConversation.current;
  const here = GUEST_SECTIONS.includes(name) ? name : "privacy";
  const guest = { ...ctx, account: null, api: new AccountApi({ person: person ?? {} }) };
  const view = async () => {
    if (!person) return nothingHere(t("guestNone"));
    try {
      const node = await SECTIONS[here](guest);
      node.querySelector("h1").after(el("p", { class: "hint-box", text: t("guestLead") }));
      return node;
    } catch (error) {
      if (!error.isGone) throw error;
      return nothingHere(t("guestGone"));
    }
  };
  return { view, nav: person ? GUEST_SECTIONS.map((one) => [one, `#guest/${one}`]) : [], here, title: t("guestTitle") };
}

function staffProfile() {
  return el("div", {}, el("h1", { text: t("profileTitle") }), el("p", { class: "lead", text: t("staffLead") }), el("p", {}, link("desk/", t("toDesk"), "to-desk", "main-button is-quiet")), detailsPanel(ctx));
}

function nothingHere(words) {
  return el("div", { class: "narrow" }, el("h1", { text: t("guestTitle") }), el("p", { class: "lead", text: words, testid: "nothing-here" }), el("p", { class: "button-row" }, link("chat", t("toChat"), "to-chat", "main-button is-quiet"), link("#sign-in", t("toSignIn"), "to-sign-in", "main-button is-quiet")));
}

function trouble(error, again) {
  return el("div", { class: "narrow", attributes: { role: "alert" } }, el("h1", { text: t("accountTitle") }), el("p", { class: "lead", text: failure(error), testid: "trouble" }), act({ text: t("tryAgain"), className: "main-button is-quiet", say: ctx.say, onClick: again }));
}

function drawFrame(nav, here, title) {
  byId("title").textContent = title;
  const list = byId("sections");
  list.hidden = nav.length < 2;
  list.setAttribute("aria-label", t("sections"));
  list.replaceChildren(
    ...nav.map(([name, address]) => el("a", { text: t(`section_${name}`), testid: `section-${name}`, attributes: { href: address, "aria-current": name === here ? "page" : null } })),
  );
  list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  const end = ctx.account
    ? button({ class: "plain-button", text: t("signOut"), testid: "sign-out", on: { click: () => signOut() } })
    : nav.length > 0 ? link("#sign-in", t("toSignIn"), "to-sign-in", "plain-button") : "";
  byId("bar-end").replaceChildren(certificate ? "" : end);
}

/** A new part of the page: the reader's focus goes to its beginning, unless they are on their way already. */
function show(node) {
  const content = byId("content");
  const isLoading = node.classList.contains("loading");
  content.replaceChildren(node);
  content.setAttribute("aria-busy", String(isLoading));
  if (isLoading) return;
  if (hasShown && !content.contains(document.activeElement)) {
    content.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
  hasShown = true;
}

async function signedIn(account) {
  ctx.account = account?.id ? account : await ctx.api.account();
  const wanted = ctx.afterwards || place();
  ctx.afterwards = "";
  if (wanted.startsWith("verify=") && wanted !== place()) return ctx.go(wanted);
  return ctx.go(wanted in SECTIONS ? wanted : wanted === "join" ? "privacy" : "profile");
}

async function signOut({ everywhere = false } = {}) {
  try {
    await (everywhere ? ctx.api.logoutEverywhere() : ctx.api.logout());
  } catch (error) {
    if (error.status !== 401) return toast.say(failure(error), { wrong: true });
  }
  return endSession(t("signedOut"));
}

function endSession(words) {
  if (!ctx.account) return;
  ctx.account = null;
  browserConversation.forgetIfJoined();
  toast.say(words);
  ctx.go("sign-in");
}

/** The account or the conversation is no more: nothing of it stays in this browser either. */
function erased(proof) {
  certificate = proof ?? {};
  ctx.account = null;
  browserConversation.forget();
  toast.say("");
  history.replaceState(null, "", location.pathname);
  return draw();
}

function translate() {
  byId("skip").textContent = t("skip");
  byId("home").setAttribute("aria-label", t("home"));
  byId("skip").addEventListener("click", (event) => {
    event.preventDefault();
    byId("content").focus();
  });
}
