import { t } from "../strings.js";
import { dayKey, dayName } from "../times.js";
import { el } from "./dom.js";
import { messageNode } from "./message.js";

const NEAR_END_PX = 80;

/**
 * The list of messages. Each message keeps its node while nothing about it changes, so a screen reader announces
 * only what is new and an opened panel stays open.
 */
export class LogView {
  #log;
  #newer;
  #conversation;
  #acts;
  #nodes = new Map();
  #notices = [];
  #typing = null;
  #frame = 0;
  #atEnd = true;
  #height = 0;

  constructor({ log, newer, conversation, acts }) {
    this.#log = log;
    this.#newer = newer;
    this.#conversation = conversation;
    this.#acts = acts;
    newer.addEventListener("click", () => this.#toEnd());
    const box = log.parentElement;
    box.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // The writing line grows, a phone's keyboard opens: who read the end goes on reading the end.
    new ResizeObserver(() => {
      this.#height = box.clientHeight;
      if (this.#atEnd) this.#toEnd();
    }).observe(box);
  }

  /** Draw soon; many changes in one frame are drawn once. */
  refresh() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  /** A line of the page itself, after everything that is there now. Repeating the last one changes nothing. */
  addNotice(text) {
    const all = this.#conversation.store.all();
    const after = all.at(-1)?.id ?? null;
    const last = this.#notices.at(-1);
    if (last?.text === text && last.after === after) return;
    this.#notices.push({ text, after, node: el("p", { class: "notice", text, testid: "chat-notice" }) });
    this.refresh();
  }

  setTyping(on) {
    clearTimeout(this.#typing?.timer);
    this.#typing?.node.remove();
    this.#typing = null;
    if (!on) return;
    const dots = [0, 1, 2].map(() => el("span", { class: "dot", attributes: { "aria-hidden": "true" } }));
    const node = el("div", { class: "typing", testid: "typing" }, ...dots, el("span", { class: "hidden", text: t("typing") }));
    this.#log.append(node);
    // A server that dies while writing never says that it stopped.
    this.#typing = { node, timer: setTimeout(() => this.setTyping(false), 60_000) };
    if (this.#atEnd) this.#toEnd();
  }

  #draw() {
    const messages = this.#conversation.store.all();
    const stick = this.#atEnd;
    const grew = messages.length > this.#nodes.size;
    const own = messages.at(-1)?.sending === "pending";
    this.#place(this.#children(messages));
    if (stick || own) this.#toEnd();
    else if (grew) this.#newer.hidden = false;
  }

  #children(messages) {
    const children = [];
    const lastOwn = messages.findLastIndex((message) => message.author === "customer");
    let before = null;
    const kept = new Set();
    const notices = [...this.#notices];
    const takeNotices = (after) => {
      while (notices[0]?.after === after) children.push(notices.shift().node);
    };
    takeNotices(null);
    messages.forEach((message, index) => {
      const newDay = !before || dayKey(before.created_at) !== dayKey(message.created_at);
      if (newDay) children.push(this.#keep(kept, `day-${dayKey(message.created_at)}`, message.created_at, dayNode));
      const flags = {
        answerable: message.author !== "bot" ? false : index > lastOwn,
        follows: !newDay && before?.author === message.author,
        online: message.sending === "pending" && this.#acts.isOnline(),
        latest: index === lastOwn,
        correcting: this.#acts.isCorrecting(message.id),
      };
      children.push(this.#keep(kept, message.id, message, (m, old) => messageNode(m, this.#acts, flags, old), flags));
      takeNotices(message.id);
      before = message;
    });
    children.push(...notices.map((notice) => notice.node));
    for (const key of [...this.#nodes.keys()]) if (!kept.has(key)) this.#nodes.delete(key);
    if (this.#typing) children.push(this.#typing.node);
    return children;
  }

  /** The node of before, brought up to date if its content changed. */
  #keep(kept, key, content, make, flags = {}) {
    kept.add(key);
    const signature = JSON.stringify(flags);
    const held = this.#nodes.get(key);
    if (held && held.content === content && held.signature === signature) return held.node;
    const node = make(content, held?.node);
    this.#nodes.set(key, { node, content, signature });
    return node;
  }

  /** Put the children in order, touching only what moved. */
  #place(children) {
    const wanted = new Set(children);
    for (const node of [...this.#log.children]) if (!wanted.has(node)) node.remove();
    children.forEach((node, index) => {
      if (this.#log.children[index] !== node) this.#log.insertBefore(node, this.#log.children[index] ?? null);
    });
  }

  #scrolled() {
    const box = this.#log.parentElement;
    if (box.clientHeight !== this.#height) return; // The box changed, not the reader's place.
    this.#atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PX;
    if (this.#atEnd) this.#newer.hidden = true;
  }

  #toEnd() {
    const box = this.#log.parentElement;
    box.scrollTop = box.scrollHeight;
    this.#atEnd = true;
    this.#newer.hidden = true;
  }
}

function dayNode(iso, old) {
  return old ?? el("p", { class: "day" }, el("span", { text: dayName(iso) }));
}
