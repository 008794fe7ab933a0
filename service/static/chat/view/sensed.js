import { t } from "../strings.js";
import { sensedWords } from "../words.js";
import { button, el } from "./dom.js";
import { judging } from "./judging.js";

/**
 * Adds "What was sensed" to a message's foot line. What was sensed is fetched when asked for and forgotten when
 * hidden: it is never on the face of the page. acts.turn(id) answers the turn; acts.judge(id, perceived) stores the
 * customer's own word about it; acts.sensingAllowed() is the consent. place: keeps ids apart where a message has two of them.
 */
export function sensedDisclosure(line, message, acts, place = "") {
  const panelId = `sensed-${place}${message.id}`;
  const panel = el("div", { class: "sensed", testid: "sensed-panel", attributes: { id: panelId, hidden: true, "aria-live": "polite" } });
  const open = button({
    class: "link",
    text: t("sensedOpen"),
    testid: "sensed-open",
    attributes: { "aria-expanded": "false", "aria-controls": panelId },
    on: { click: () => toggle() },
  });

  async function toggle() {
    const show = panel.hidden;
    panel.hidden = !show;
    open.setAttribute("aria-expanded", String(show));
    open.textContent = t(show ? "sensedClose" : "sensedOpen");
    panel.replaceChildren();
    if (!show) return;
    panel.append(el("p", { text: t("sensedLoading") }));
    panel.replaceChildren(...(await content()));
    panel.scrollIntoView({ block: "nearest" });
  }

  async function content() {
    const paragraphs = (sentences) => sentences.map((text) => el("p", { text }));
    try {
      const turn = await acts.turn(message.id);
      const words = paragraphs(sensedWords(turn, { allowed: acts.sensingAllowed() }));
      const judge = (perceived) => acts.judge(message.id, perceived);
      return typeof turn?.frustration === "number" && turn.emotion ? [...words, ...judging(turn, judge)] : words;
    } catch (error) {
      return paragraphs([t("sensedFailed", { message: error.message || t("refusedUnreachable") })]);
    }
  }

  line.append(open);
  return el("div", { class: "foot-own" }, line, panel);
}
