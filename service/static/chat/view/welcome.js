import { t } from "../strings.js";
import { button, el } from "./dom.js";

/** What stands in an empty conversation: a greeting of the page itself, and three ways to begin. */
export function welcome(onStart) {
  const starters = ["starterOrder", "starterReturn", "starterProduct"].map((key) =>
    button({ class: "reply", text: t(key), testid: "starter", on: { click: () => onStart(t(key)) } }),
  );
  return el(
    "section",
    { class: "welcome" },
    el("h2", { text: t("welcomeTitle") }),
    el("p", { text: t("welcomeText") }),
    el("div", { class: "replies" }, ...starters),
    el("p", { class: "welcome-account" }, el("a", { class: "link", text: t("toJoin"), testid: "welcome-join", attributes: { href: "account#join", target: "_blank", rel: "noopener", hidden: true, "data-account": "join" } })),
  );
}
