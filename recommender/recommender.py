"""The catalogue, ready to be asked."""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from recommender.bandit import Bandit, PolicyName
from recommender.cheapest import cheapest_first
from recommender.filters import Filters
from recommender.finding import Finding
from recommender.holding import Holding
from recommender.index import ItemIndex
from recommender.learning import TasteModel
from recommender.personal import Personal
from recommender.query.reading import Asked, read_query
from recommender.ranking import Arrangement, Rules, arrange, explain
from recommender.slate import Candidate, Request, Slate
from vocabulary import CatalogueChanges, Interaction, InteractionKind, Item, Suggestion, TextEncoder


class Recommender:
    """Suggests items for a customer's words, with filters that are exact and a ranking that knows the state.

    Safe to share between threads: each answer is of one state of the catalogue.
    """

    def __init__(
        self, held: Holding, encoder: TextEncoder, rules: Rules, taste: TasteModel | None, bandit: Bandit | None
    ):
        self._held = held
        self._encoder = encoder
        self._rules = rules
        self._bandit = bandit
        self.use_taste(taste)

    @classmethod
    def open(
        cls,
        folder: Path,
        encoder: TextEncoder,
        *,
        items: Sequence[Item] = (),
        rules: Rules | None = None,
        taste: TasteModel | None = None,
        bandit: Bandit | None = None,
        rebuild: bool = False,
    ) -> "Recommender":
        """Load the stored index. folder: of the index, made if absent.

        items: the whole catalogue, where it is at hand; without it `update` gives the catalogue. Only texts that are
        new or changed are embedded. rules: how to order; without them plainly. taste, bandit: what was learned.
        rebuild: begin anew where the folder holds another encoder's index.
        Raises: EncoderChangedError without rebuild; EncoderError; OSError if the folder cannot be written.
        """
        held = Holding(ItemIndex.open(folder, encoder, rebuild=rebuild), getattr(encoder, "is_word", None))
        opened = cls(held, encoder, rules or Rules(), taste, bandit)
        if items:
            opened.update(CatalogueChanges(0, tuple(items), whole=True))
        return opened

    @property
    def version(self) -> int:
        """The catalogue's version that is held; 0 before the first change was taken in."""
        return self._held.version

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item."""
        return tuple(self._held)

    @property
    def categories(self) -> tuple[str, ...]:
        """The names that a category filter may use, besides kinds of things and common synonyms."""
        return self._held.kinds.categories

    @property
    def rules(self) -> Rules:
        """How is ordered."""
        return self._rules

    def item(self, item_id: str) -> Item | None:
        """One item of the catalogue; None if it is not there."""
        with self._held.lock:
            return self._held.item(item_id)

    @property
    def is_filled(self) -> bool:
        """Whether it holds anything."""
        return len(self._held) > 0

    def with_rules(self, rules: Rules) -> "Recommender":
        """The same catalogue and taste under other rules, without a bandit: for a look at what they would do."""
        other = copy(self)
        other._rules, other._bandit = rules, None
        return other

    def use_rules(self, rules: Rules) -> None:
        """Order by these from now on."""
        self._rules = rules
        if self._bandit is not None:
            self._bandit.adjust(rules.bandit)

    def use_taste(self, taste: TasteModel | None) -> None:
        """Go on with what was learned since; None forgets it. Items newer than it are known to it by their content."""
        if taste is not None:
            known = frozenset(taste.ids)
            taste = taste.know([item for item in self.items if item.id not in known])
        self._personal = Personal(taste)
        self._finding = Finding(self._held, self._encoder, self._personal)

    def see(self, changes: CatalogueChanges) -> None:
        """Take in what needs no embedding: prices, stock, and what is gone. `update` takes in the rest."""
        self._held.see(changes)

    def update(self, changes: CatalogueChanges) -> None:
        """Take in what has changed in the catalogue: prices and stock at once, new texts once they are embedded.

        Cheap where nothing has. Raises: EncoderError; what needs no embedding is in then.
        """
        self._held.update(changes)
        if changes.items and self._personal.taste is not None:
            self.use_taste(self._personal.taste)

    def recommend(self, request: Request) -> Slate:
        """The best items for a request, best first; fewer than its limit when fewer are worth showing.

        Filters hold exactly; price limits and refusals in the words hold as well. The state changes order and number,
        never a price. Unknown ids in `about` are ignored, and the items of the case are never suggested. No words give
        what belongs to the items of the case, or what fits the history, or nothing.
        Raises: FilterError for an unknown category.
        """
        held = self._held
        with held.lock:
            held.named(request.filters)
            asked = read_query(request, held)
        if not request.offers_allowed or request.limit < 1:
            return Slate(note=None if request.offers_allowed else "not_offered")
        vector = self._finding.vector(asked)
        with held.lock:
            case = [item for item_id in dict.fromkeys(request.about) if (item := held.item(item_id)) is not None]
            found = self._finding.candidates(asked, request, vector, [item.id for item in case])
            vectors = held.vectors([one.item.id for one in found])
        arrangement = arrange(found, request, self._rules, case=case, vectors=vectors)
        shown, choice = list(arrangement.shown), None
        if asked.cheapest:
            shown = cheapest_first(shown)
        elif self._bandit is not None and self._may_try(arrangement, asked):
            shown, choice = self._bandit.choose(arrangement.ordered, request, arrangement.limit)
        shown = [self._personal.told(one, request) for one in shown]
        told = [
            explain(one, place, arrangement, limits=asked.filters, below=asked.below, title_of=self._title)
            for place, one in enumerate(shown, start=1)
        ]
        return Slate(
            suggestions=tuple(_suggestion(one, reason) for one, (reason, _) in zip(shown, told, strict=True)),
            explanations=tuple(explanation for _, explanation in told),
            choice=choice,
            note=None if shown else self._note(asked),
            price=None if asked.below is None else asked.below.price,
            currency=None if asked.below is None else asked.below.currency,
        )

    def search(
        self,
        query: str,
        *,
        filters: Filters | None = None,
        history: Sequence[Interaction] = (),
        liked: Sequence[str] = (),
        limit: int = 24,
        offset: int = 0,
    ) -> tuple[list[Candidate], int]:
        """A page of what fits a query, best first, and how many fit in all (at most MOST_FOUND). Raises: FilterError.

        No words give everything that the filters let pass, with what fits the history first. The last word may still be
        being typed. history: empty without leave to use it.
        """
        held, request = self._held, Request(query, filters=filters or Filters(), history=history, liked=liked)
        with held.lock:
            asked = read_query(request, held, typing=query[-1:].isalnum())
            asked = replace(asked, **held.completed(asked)) if query[-1:].isalnum() else asked
        vector = self._finding.vector(asked)
        page = slice(offset, offset + limit)
        with held.lock:
            if asked.filters is None:
                return [], 0
            if asked.words or asked.like is not None:
                found = self._finding.found(asked, request, vector, self._rules.order)
                best, total = found[page], len(found)
            else:
                best, total = self._finding.browse(request, asked.filters, self._rules.order, page)
        return [self._personal.told(one, request) for one in best], total

    def related(self, item_id: str, *, history: Sequence[Interaction] = (), limit: int = 8) -> list[Suggestion]:
        """What goes with an item, each with its reason: what belongs to it, what is chosen together with it, what is
        like it; empty for an unknown id. Only what can be had. history: moves what fits it forward."""
        if self.item(item_id) is None:
            return []
        viewed = Interaction("", item_id, InteractionKind.VIEW, datetime.now(UTC))
        asked = (
            Request("", limit, about=(item_id,), history=history),
            Request("", limit, filters=Filters(without=frozenset({item_id})), history=(viewed,)),
            Request("like this one", limit, shown=(item_id,), history=history),
        )
        plain = self.with_rules(self._rules)
        found: dict[str, Suggestion] = {}
        for request in asked:
            for suggestion in plain.recommend(request).suggestions:
                found.setdefault(suggestion.item_id, suggestion)
            if len(found) >= limit:
                break
        return list(found.values())[:limit]

    def why(self, candidate: Candidate) -> str:
        """One true sentence for the customer about what has found and moved a candidate."""
        return explain(candidate, 1, Arrangement(), title_of=self._title)[0]

    def _may_try(self, arrangement: Arrangement, asked: Asked) -> bool:
        """Whether another order may be tried: not where the customer asked for one, nor where the rules say no."""
        return arrangement.is_open and not asked.by_price and self._rules.bandit.policy is not PolicyName.OFF

    def _note(self, asked: Asked) -> str:
        if asked.below is not None:
            return "nothing_cheaper"
        named = asked.filters.currencies if asked.filters is not None else frozenset()
        held = self._held
        return "other_currency" if named and held.has_prices and not held.sells_in(named) else "nothing_found"

    def _title(self, item_id: str) -> str | None:
        item = self.item(item_id)
        return None if item is None else item.title


def _suggestion(candidate: Candidate, reason: str) -> Suggestion:
    item = candidate.item
    return Suggestion(
        item_id=item.id,
        title=item.title,
        price=item.price,
        category=item.category,
        image=item.image,
        url=item.url,
        currency=item.currency,
        score=round(candidate.relevance, 4),
        reason=reason,
    )
