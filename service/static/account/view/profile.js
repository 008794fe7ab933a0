import { button, el } from "../../chat/view/dom.js";
import { failure, t } from "../strings.js";
import { languageField, yearField } from "./details.js";
import { field, form, panel, switchRow } from "./form.js";

const MOST = 20;
const LONGEST = 40;

/** Details, interests, categories and suggestions. */
export async function profileView(ctx) {
  const profile = await ctx.api.profile();
  return el(
    "div",
    {},
    el("h1", { text: t("profileTitle") }),
    detailsPanel(ctx),
    interestsPanel(ctx, profile),
  );
}

/** Who you are: also for people who work here, who have no profile. */
export function detailsPanel(ctx) {
  const { account } = ctx;
  const name = field({ name: "name", label: t("name"), value: account.name ?? "", autocomplete: "name", maxlength: 120 });
  const language = languageField(account.language ?? "");
  const year = yearField(account.birth_year ?? "");
  const facts = [
    [t("email"), account.email ? account.email + (account.email_verified ? "" : ` (${t("emailUnverified")})`) : ""],
    [t("phone"), account.phone ?? ""],
  ].filter(([, value]) => value);
  return panel(
    t("details"),
    el("dl", { class: "facts" }, ...facts.flatMap(([term, value]) => [el("dt", { text: term }), el("dd", { text: value })])),
    form({
      testid: "details",
      fields: [name, language.node, year],
      submit: t("save"),
      onSubmit: async (said) => {
        const details = { name: said.name || null, language: language.value() || null, birth_year: said.birth_year ? Number(said.birth_year) : null };
        ctx.account = await ctx.api.change(details);
        ctx.say(t("detailsSaved"));
      },
    }),
  );
}

/** Each change is stored at once; what the server refuses goes back to how it was. */
function interestsPanel(ctx, profile) {
  let kept = { interests: profile.interests ?? [], liked: profile.liked ?? [], disliked: profile.disliked ?? [], recommendations: profile.recommendations !== false };
  const draws = [];
  let moves = Promise.resolve();

  const store = (change) => {
    moves = moves.then(async () => {
      try {
        const { categories: _, ...saved } = await ctx.api.saveProfile({ ...kept, ...change(kept) });
        kept = { ...kept, ...saved };
        ctx.say(t("saved"));
      } catch (error) {
        ctx.say(failure(error), { wrong: true });
      }
      for (const draw of draws) draw();
    });
    return moves;
  };

  const categories = profile.categories ?? [];
  const suggestions = switchRow({
    label: t("recommendations"),
    hint: t("recommendationsHint"),
    checked: kept.recommendations,
    testid: "recommendations",
    onMove: (on, input) => store(() => ({ recommendations: on })).then(() => (input.checked = kept.recommendations)),
  });
  return panel(
    t("interestsTitle"),
    el("p", { class: "soft", text: t("interestsLead") }),
    suggestions,
    interestList({ list: () => kept.interests, store, draws }),
    categories.length === 0 ? el("p", { class: "soft", text: t("noCategories") }) : null,
    choices({ title: t("liked"), name: "liked", other: "disliked", categories, kept: () => kept, store, draws }),
    choices({ title: t("disliked"), name: "disliked", other: "liked", categories, kept: () => kept, store, draws }),
  );
}

function interestList({ list, store, draws }) {
  const chips = el("ul", { class: "chips", testid: "interests" });
  const entry = field({
    name: "interest", label: t("interests"), hint: t("interestsHint"), maxlength: LONGEST,
    check: () => (list().length < MOST ? "" : t("interestsFull", { count: MOST, length: LONGEST })),
  });
  const adding = form({
    testid: "interest-add",
    fields: [entry],
    submit: t("interestAdd"),
    quiet: true,
    onSubmit: async ({ interest }) => {
      if (!interest) return;
      entry.input.value = "";
      if (!list().includes(interest)) await store((kept) => ({ interests: [...kept.interests, interest] }));
    },
  });
  adding.classList.add("one-line");
  const draw = () =>
    chips.replaceChildren(
      ...list().map((interest) =>
        el(
          "li",
          {},
          el("span", { text: interest }),
          button({ class: "chip-remove", text: "×", attributes: { "aria-label": t("interestRemove", { name: interest }) }, on: { click: () => store((kept) => ({ interests: kept.interests.filter((one) => one !== interest) })) } }),
        ),
      ),
    );
  draws.push(draw);
  draw();
  return el("div", {}, adding, chips);
}

/** Categories as buttons that stay pressed; liking one takes it from the other list. */
function choices({ title, name, other, categories, kept, store, draws }) {
  if (categories.length === 0) return null;
  const buttons = categories.map((category) =>
    button({
      class: "choice-chip",
      text: category,
      testid: `${name}-${category}`,
      on: {
        click: () =>
          store((now) =>
            now[name].includes(category)
              ? { [name]: now[name].filter((one) => one !== category) }
              : { [name]: [...now[name], category], [other]: now[other].filter((one) => one !== category) },
          ),
      },
    }),
  );
  const draw = () => buttons.forEach((node) => node.setAttribute("aria-pressed", String(kept()[name].includes(node.textContent))));
  draws.push(draw);
  draw();
  return el("div", { class: "choices", attributes: { role: "group", "aria-label": title } }, el("h3", { text: title }), el("div", { class: "choice-row" }, ...buttons));
}
