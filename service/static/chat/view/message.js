import { splitLinks } from "../links.js";
import { t } from "../strings.js";
import { timeOf } from "../times.js";
import { actionKeys, actionRow } from "./actions.js";
import { cards } from "./cards.js";
import { button, el, icon } from "./dom.js";
import { sensedDisclosure } from "./sensed.js";

const partsOf = new WeakMap();

/**
 * One message as a node. acts: {retry(id), edit(id), press(message, index), turn(id), …}, see main.js.
 * flags: {answerable: quick replies may still be pressed, follows: same author as before, online, correcting,
 * latest: the customer's last one}
 * old: the node drawn before, or undefined. Parts that did not change stay as they are, so a screen reader does not
 * read a message again because it was accepted, and an opened panel stays open.
 */
export function messageNode(message, acts, flags, old) {
  const node = old ?? el("article", { testid: "chat-message", attributes: { "data-id": message.id } });
  node.dataset.author = message.author;
  node.className = ["message", `from-${message.author}`, flags.follows && "follows", message.sending && `is-${message.sending}`]
    .filter(Boolean)
    .join(" ");
  const name = authorName(message);
  const state = [
    message.sending, message.error?.message, flags.online, message.created_at, message.waiting, message.recording,
    message.corrected_by, message.misheard,
  ].join("|");
  const actions = flags.correcting ? "" : actionKeys(acts.actions, message, flags);
  const wanted = [
    ["author", `${name}|${flags.follows}`, () => el("h2", { class: flags.follows ? "author hidden" : "author", text: name })],
    flags.correcting
      ? ["correct", "", () => acts.correction(message)]
      : message.text && ["bubble", `${message.text}|${message.corrected_by}`, () => bubble(message)],
    actions && ["actions", actions, () => actionRow(acts.actions, message, flags)],
    message.suggestions.length > 0 && ["cards", "", () => cards(message.suggestions, acts)],
    flags.answerable && message.buttons.length > 0 && ["replies", "", () => quickReplies(message, acts)],
    ["foot", state, () => (message.sending === "refused" ? refusal(message, acts) : foot(message, acts, flags))],
  ].filter(Boolean);
  setParts(node, wanted);
  return node;
}

function setParts(node, wanted) {
  const before = partsOf.get(node) ?? new Map();
  const after = new Map();
  for (const [name, signature, make] of wanted) {
    const held = before.get(name);
    after.set(name, held?.signature === signature ? held : { signature, node: make() });
  }
  const kept = new Set([...after.values()].map((part) => part.node));
  for (const { node: part } of before.values()) if (!kept.has(part)) part.remove();
  [...after.values()].forEach(({ node: part }, index) => {
    if (node.children[index] !== part) node.insertBefore(part, node.children[index] ?? null);
  });
  partsOf.set(node, after);
}

function authorName(message) {
  if (message.author === "customer") return t("authorCustomer");
  if (message.author === "bot") return t("authorBot");
  return message.agent_name ? t("authorAgent", { name: message.agent_name }) : t("authorAgentUnnamed");
}

function bubble(message) {
  const isWrong = message.corrected_by && message.misheard === null;
  const text = el("p", { class: isWrong ? "bubble is-corrected" : "bubble", attributes: { dir: "auto" } });
  if (message.audio) text.append(icon("wave"));
  if (message.author === "customer") {
    text.append(message.text);
    return text;
  }
  for (const piece of splitLinks(message.text)) {
    text.append(
      piece.href
        ? el("a", {
            text: piece.text,
            attributes: { href: piece.href, target: "_blank", rel: "noopener noreferrer nofollow" },
          })
        : piece.text,
    );
  }
  return text;
}

function quickReplies(message, acts) {
  return el(
    "div",
    { class: "replies", attributes: { role: "group", "aria-label": t("quickReplies") } },
    ...message.buttons.map((reply, index) =>
      button({
        class: "reply",
        text: String(reply.title ?? ""),
        testid: "quick-reply",
        on: { click: () => acts.press(message, index) },
      }),
    ),
  );
}

/** The line under a bubble: the time, and for the customer's own messages the way to what was sensed. */
function foot(message, acts, flags) {
  if (message.sending === "pending") {
    const line = el("p", { class: "foot" }, el("span", { text: t(pendingWords(message, flags)) }));
    if (message.audio) {
      line.append(button({ class: "link", text: t("remove"), testid: "remove-recording", on: { click: () => acts.remove(message.id) } }));
    }
    return line;
  }
  const line = el("p", { class: "foot" }, el("time", { text: timeOf(message.created_at), attributes: { datetime: message.created_at } }));
  if (message.author !== "customer") {
    line.append(acts.listenButton(message) ?? "");
    return line;
  }
  for (const words of spokenWords(message)) line.append(el("span", { text: words }));
  return sensedDisclosure(line, message, acts);
}

function pendingWords(message, flags) {
  if (!message.audio) return flags.online ? "sending" : "waitingToSend";
  return { busy: "uploadBusy", turn: "uploadTurn", line: "waitingToSend" }[message.waiting] ?? "uploading";
}

/** What there is to say about a spoken message, and about a correction. */
function spokenWords(message) {
  if (message.corrects) return [t("correction")];
  if (!message.audio) return [];
  const words = [];
  if (message.misheard) words.push(t("correctedHere", { text: message.misheard }));
  else words.push(t(message.corrected_by ? "correctedBelow" : "transcript"));
  if (message.recording === "gone") words.push(t("recordingGone"));
  return words;
}

function refusal(message, acts) {
  const actions = el("span", { class: "refusal-actions" });
  if (message.error?.retryable !== false) {
    actions.append(button({ class: "link", text: t("tryAgain"), testid: "try-again", on: { click: () => acts.retry(message.id) } }));
  }
  if (message.audio) actions.append(button({ class: "link", text: t("voiceAgain"), testid: "record-again", on: { click: () => acts.recordAgain(message.id) } }));
  else actions.append(button({ class: "link", text: t("edit"), on: { click: () => acts.edit(message.id) } }));
  actions.append(button({ class: "link", text: t("remove"), on: { click: () => acts.remove(message.id) } }));
  return el(
    "div",
    { class: "refusal", testid: "message-error", attributes: { role: "alert" } },
    el("p", {}, icon("alert"), message.error?.message ?? t("refusedUnknown")),
    actions,
  );
}
