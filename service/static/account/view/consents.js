import { el } from "../../chat/view/dom.js";
import { failure, named, t } from "../strings.js";
import { act, panel, switchRow } from "./form.js";
import { receiptsPanel } from "./receipts.js";

const USES = ["assist", "personalise", "improve"];

/**
 * The consent centre: every signal × every use, off until turned on.
 *
 * A switch shows only what the server has stored. Moves are sent one after the other, so that a quick yes and no
 * arrive in this order.
 */
export async function privacyView(ctx) {
  const [first, receipts] = await Promise.all([ctx.api.consents(), ctx.api.receipts()]);
  let state = first;
  let moves = Promise.resolve();
  const place = el("div", {});
  const proof = receiptsPanel(receipts);

  function take(answer) {
    state = answer?.signals ? answer : state;
    draw();
  }

  async function refresh() {
    proof.take(await ctx.api.receipts());
  }

  function move(work, said, focus) {
    moves = moves.then(async () => {
      try {
        take(await work());
        ctx.say(said);
        await refresh();
      } catch (error) {
        draw();
        ctx.say(t("consentNotSaved", { message: failure(error) }), { wrong: true });
      }
      place.querySelector(focus)?.focus();
    });
    return moves;
  }

  function draw() {
    const open = new Set([...place.querySelectorAll("details[open]")].map((one) => one.dataset.name));
    const on = state.signals.filter((one) => USES.some((use) => one.granted[use]));
    place.replaceChildren(
      el("h1", { text: t("privacyTitle") }),
      el("p", { class: "lead", text: t("privacyLead") }),
      overview({ state, on, turnOff: () => move(() => ctx.api.everythingOff(), t("isOff"), "h1"), say: ctx.say }),
      ...(state.minor ? [] : state.signals.map((signal) => signalPanel(signal, state, move, ctx))),
      notice(state),
      panel(t("neverTitle"), el("ul", { class: "plain-list" }, ...["never1", "never2", "never3"].map((key) => el("li", { text: t(key) })))),
      proof.node,
    );
    for (const one of place.querySelectorAll("details")) one.open = open.has(one.dataset.name);
  }

  draw();
  return place;
}

function overview({ state, on, turnOff, say }) {
  if (state.minor) return el("p", { class: "hint-box", text: state.notice?.minor || t("consentMinor"), testid: "consent-minor" });
  const words = on.length ? t("consentSome", { signals: on.map((one) => one.title || named("signal_", one.signal)).join(", ") }) : t("consentNothing");
  return el(
    "div",
    { class: "overview", attributes: { "data-on": String(on.length > 0) } },
    el("p", { text: words, testid: "consent-overview", attributes: { role: "status" } }),
    on.length ? act({ text: t("everythingOff"), testid: "everything-off", className: "main-button", say, onClick: turnOff }) : null,
  );
}

/** The first use, and once it is on those that build on it. */
function signalPanel(signal, state, move, ctx) {
  const told = (use) => state.uses?.find((one) => one.purpose === use);
  const title = (use) => told(use)?.title || named("use_", use);
  const offered = USES.filter((use) => use in signal.granted);
  const shown = offered.filter((use) => use === "assist" || signal.granted.assist || signal.granted[use]);
  const later = offered.filter((use) => !shown.includes(use)).map((use) => `“${title(use)}”`);
  const rows = shown.map((use) =>
    switchRow({
      label: title(use),
      hint: told(use)?.text || named("use_", `${use}_hint`),
      checked: signal.granted[use],
      testid: `consent-${signal.signal}-${use}`,
      onMove: (on) =>
        move(
          () => ctx.api.setConsent(signal.signal, use, on, state.notice.version),
          t(on ? "consentSaved" : "consentWithdrawn"),
          `[data-testid="consent-${signal.signal}-${use}"]`,
        ),
    }),
  );
  const node = panel(
    signal.title || named("signal_", signal.signal),
    ...[
      signal.text ? el("p", { class: "soft", text: signal.text }) : null,
      el("div", { class: "switches" }, ...rows),
      later.length > 0 ? el("p", { class: "later", text: t("consentLater", { uses: later.join(t("and")) }) }) : null,
    ].filter(Boolean),
  );
  node.dataset.signal = signal.signal;
  return node;
}

function notice(state) {
  const paragraphs = String(state.notice?.text ?? "").split("\n\n").filter(Boolean);
  return el(
    "details",
    { class: "panel more", testid: "full-notice", attributes: { "data-name": "notice" } },
    el("summary", { text: t("fullNotice", { version: state.notice?.version ?? "" }) }),
    ...paragraphs.map((text) => el("p", { class: "as-written", text })),
  );
}
