import { t } from "../strings.js";
import { el } from "./dom.js";

/** Who answers, whether the line is up, and the way to a person. */
export class StatusView {
  #status;
  #line;
  #person;
  #conversation;
  #wasLost = false;
  #backTimer = 0;

  constructor({ status, line, person, conversation }) {
    this.#status = status;
    this.#line = line;
    this.#person = person;
    this.#conversation = conversation;
    person.addEventListener("click", () => conversation.owner === "bot" && conversation.callPerson());
    this.refresh();
  }

  refresh() {
    const { owner, agent } = this.#conversation;
    const words = {
      bot: t("statusBot"),
      waiting: t("statusWaiting"),
      agent: agent ? t("statusAgent", { name: agent }) : t("statusAgentUnnamed"),
    }[owner] ?? t("statusBot");
    if (this.#status.textContent !== words) this.#status.replaceChildren(el("span", { text: words }));
    this.#status.dataset.owner = owner;
    const label = { waiting: t("personWaiting"), agent: t("personHere") }[owner] ?? t("person");
    if (this.#person.lastElementChild.textContent !== label) this.#person.lastElementChild.textContent = label;
    // It keeps its place and its focus; it only has nothing left to do.
    this.#person.setAttribute("aria-disabled", String(owner !== "bot"));
  }

  refreshLine() {
    const { name, attempts } = this.#conversation.line;
    const lost = attempts > 0 || name === "waiting" || name === "offline";
    clearTimeout(this.#backTimer);
    if (name === "offline") this.#say(t("lineOffline"), "lost");
    else if (lost) this.#say(t("lineReconnecting"), "lost");
    else if (name === "online" && this.#wasLost) {
      this.#say(t("lineBack"), "back");
      this.#backTimer = setTimeout(() => this.#say("", ""), 2500);
    } else if (name === "online") this.#say("", "");
    else this.#backTimer = setTimeout(() => this.#say(t("lineConnecting"), "lost"), 800);
    if (name === "online") this.#wasLost = false;
    else if (lost) this.#wasLost = true;
  }

  #say(words, state) {
    if (this.#line.textContent !== words) this.#line.textContent = words;
    this.#line.hidden = words === "";
    this.#line.dataset.state = state;
  }
}
