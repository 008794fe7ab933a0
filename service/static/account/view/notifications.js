import { el } from "../../chat/view/dom.js";
import { pushState, subscribe, subscription } from "../push.js";
import { failure, has, named, t } from "../strings.js";
import { act, panel, switchRow } from "./form.js";

const KINDS = ["answer_waiting", "data_request", "follow_up"];

/** What the customer is written about, and by which way. */
export async function notificationsView(ctx) {
  let kept = await ctx.api.notifications();
  const own = await subscription().catch(() => null);
  let moves = Promise.resolve();

  const store = (channel, kind, on, input) => {
    moves = moves.then(async () => {
      try {
        const wanted = { mail: { ...kept.mail }, push: { ...kept.push } };
        wanted[channel][kind] = on;
        kept = { ...kept, ...(await ctx.api.saveNotifications(wanted)) };
        ctx.say(t("saved"));
      } catch (error) {
        ctx.say(failure(error), { wrong: true });
      }
      input.checked = kept[channel]?.[kind] === true;
    });
  };

  const rows = (channel) =>
    KINDS.filter((kind) => kind in (kept[channel] ?? {})).map((kind) =>
      switchRow({
        label: named("kind_", kind),
        hint: has(`kind_${kind}_hint`) ? t(`kind_${kind}_hint`) : "",
        checked: kept[channel][kind] === true,
        testid: `${channel}-${kind}`,
        onMove: (on, input) => store(channel, kind, on, input),
      }),
    );

  return el(
    "div",
    {},
    el("h1", { text: t("notificationsTitle") }),
    el("p", { class: "lead", text: t("notificationsLead") }),
    panel(t("channel_mail"), kept.mail_address === false ? el("p", { class: "hint-box", text: t("noMail") }) : null, el("div", { class: "switches" }, ...rows("mail"))),
    panel(t("channel_push"), thisBrowser(ctx, kept.push_key, own), el("div", { class: "switches" }, ...rows("push"))),
  );
}

/** This browser's own part: whether it gets messages at all. */
function thisBrowser(ctx, key, first) {
  const place = el("div", { class: "this-browser", testid: "push-here" });
  let own = first;

  function draw() {
    const state = pushState();
    if (!key) return place.replaceChildren(el("p", { class: "hint-box", text: t("pushNotOffered") }));
    if (state === "unsupported") return place.replaceChildren(el("p", { class: "hint-box", text: t("pushUnsupported") }));
    if (state === "denied") return place.replaceChildren(el("p", { class: "hint-box", text: t("pushDenied") }));
    const turn = own
      ? act({ text: t("pushTurnOff"), testid: "push-off", className: "main-button is-quiet", say: ctx.say, onClick: turnOff })
      : act({ text: t("pushTurnOn"), testid: "push-on", className: "main-button is-quiet", say: ctx.say, onClick: turnOn });
    return place.replaceChildren(el("p", { text: t(own ? "pushOn" : "pushLead") }), turn);
  }

  async function turnOn() {
    let made = null;
    try {
      made = await subscribe(key);
    } catch {
      // The browser's own push service may be out of reach; its reasons are not for customers.
    }
    if (!made) {
      ctx.say(t("pushRefused"), { wrong: true });
      return draw();
    }
    const { endpoint, keys } = made.toJSON();
    try {
      await ctx.api.addPush({ endpoint, keys });
    } catch (error) {
      await made.unsubscribe();
      throw error;
    }
    own = made;
    ctx.say(t("pushTurnedOn"));
    return draw();
  }

  async function turnOff() {
    await ctx.api.removePush(own.endpoint);
    await own.unsubscribe();
    own = null;
    ctx.say(t("pushTurnedOff"));
    draw();
  }

  draw();
  return place;
}
