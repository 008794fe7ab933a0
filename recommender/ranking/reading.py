"""The rules' file: read, checked, refused in words that say what to mend."""

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar

from recommender.bandit.settings import BanditSettings
from recommender.errors import BanditError, RecommenderError
from recommender.ranking.redlines import distressing
from recommender.ranking.rules import HELP, MOST_RAISED, MOST_SHOWN, Order, PriceBound, Rule, Rules
from vocabulary import RelationKind, StateName

MOST_BYTES: Final = 256_000
MOST_RULES: Final = 100
_MOST_WORDS: Final = 600

Kind = TypeVar("Kind", bound=StrEnum)


class RulesError(RecommenderError, ValueError):
    """The rules of suggestions cannot be used. The message names the entry, its value and what is allowed."""

    code = "rules_invalid"


def load_rules(source: Path | str) -> Rules:
    """Rules from a file, or from a file's text. Raises: RulesError."""
    if isinstance(source, Path):
        try:
            with source.open("rb") as file:
                raw = file.read(MOST_BYTES + 1)
            text = raw.decode("utf-8-sig")
        except OSError as err:
            raise RulesError(
                f"{source} cannot be read ({err.strerror or type(err).__name__}). "
                "Expected the file of rules, data/suggestions.toml; ATTUNE_SUGGESTIONS_FILE names another one."
            ) from None
        except UnicodeDecodeError as err:
            raise RulesError(f"{source} is not UTF-8 (byte {err.start}). Save it as UTF-8.") from None
    else:
        text = source
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise RulesError(f"the rules of suggestions are larger than {MOST_BYTES} bytes. Leave out what is no rule.")
    try:
        tables = tomllib.loads(text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as err:
        raise RulesError(f"the rules of suggestions are no TOML: {err}.") from None
    return _rules(tables, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12])


def _rules(tables: Mapping[str, Any], version: str) -> Rules:
    _known("the file", tables, ("order", "bandit", "rule"))
    entries = tables.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise RulesError("rule is no list of tables. Write each rule below a line [[rule]].")
    if len(entries) > MOST_RULES:
        raise RulesError(f"{len(entries)} rules; expected at most {MOST_RULES}.")
    rules = tuple(_rule(entry, number) for number, entry in enumerate(entries, start=1))
    names = [rule.name for rule in rules]
    for name in names:
        if names.count(name) > 1:
            raise RulesError(f"rule {name!r} stands there {names.count(name)} times. Give each its own name.")
    return Rules(_order(_table(tables, "order")), _bandit(_table(tables, "bandit")), rules, version)


def _order(raw: Mapping[str, Any]) -> Order:
    _known("[order]", raw, tuple(Order.__dataclass_fields__))
    standard = Order()
    return Order(
        taste=_number("[order]", raw, "taste", standard.taste, 0.0, 1.0),
        liked=_number("[order]", raw, "liked", standard.liked, 0.0, 0.2),
        popular=_number("[order]", raw, "popular", standard.popular, 0.0, 0.5),
        novelty=_number("[order]", raw, "novelty", standard.novelty, 0.0, 0.5),
        variety=_number("[order]", raw, "variety", standard.variety, 0.0, 1.0),
        close=_number("[order]", raw, "close", standard.close, 0.0, 1.0),
        one_per_model=_yes_or_no("[order]", raw, "one_per_model", standard.one_per_model),
    )


def _bandit(raw: Mapping[str, Any]) -> BanditSettings:
    try:
        return BanditSettings.from_dict(raw)
    except BanditError as err:
        raise RulesError(str(err)) from None


def _rule(raw: Mapping[str, Any], number: int) -> Rule:
    name = _text(f"rule {number}", raw, "name", 60)
    where = f"rule {name!r}"
    _known(where, raw, tuple(Rule.__dataclass_fields__))
    bound = raw.get("no_dearer_than")
    rule = Rule(
        name=name,
        words=_text(where, raw, "words", _MOST_WORDS),
        states=_several(where, raw, "states", StateName),
        frustration_from=_number(where, raw, "frustration_from", None, 0.0, 100.0),
        case=_yes_or_no(where, raw, "case", None),
        first={
            _one(where, "first", kind, RelationKind): points for kind, points in _points(where, raw, "first").items()
        },
        facts=_points(where, raw, "facts"),
        only=_several(where, raw, "only", RelationKind),
        leave_out=_several(where, raw, "leave_out", RelationKind),
        at_most=_whole(where, raw, "at_most", None, 1, MOST_SHOWN),
        no_dearer_than=None if bound is None else _one(where, "no_dearer_than", bound, PriceBound),
        cheap=_number(where, raw, "cheap", 0.0, 0.0, MOST_RAISED),
        direct=_yes_or_no(where, raw, "direct", False),
        variants=_yes_or_no(where, raw, "variants", False),
    )
    if not rule.states and rule.frustration_from is None:
        raise RulesError(f"{where} applies to nobody. Give it states or frustration_from.")
    if rule.only & rule.leave_out:
        both = ", ".join(sorted(rule.only & rule.leave_out))
        raise RulesError(f"{where} shows only and leaves out {both}. Take it out of one of the two.")
    refused = rule.leave_out & HELP if distressing(rule) else frozenset()
    if refused or (distressing(rule) and rule.only and not rule.only & HELP):
        raise RulesError(
            f"{where} would keep help from somebody in distress (leave_out {_listed(rule.leave_out)}, only "
            f"{_listed(rule.only)}). {_listed(HELP)} must stay possible there."
        )
    return rule


def _table(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = tables.get(name, {})
    if not isinstance(table, Mapping):
        raise RulesError(f"{name} is {table!r:.60}; expected a table below a line [{name}].")
    return table


def _known(where: str, raw: Mapping[str, Any], names: tuple[str, ...]) -> None:
    unknown = [name for name in raw if name not in names]
    if unknown:
        raise RulesError(
            f"{where} has {_listed(unknown)}, which is unknown there. Allowed: {_listed(names)}. "
            "A price can be named nowhere: it never depends on how somebody feels."
        )


def _text(where: str, raw: Mapping[str, Any], name: str, most: int) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise RulesError(f"{name} of {where} is {value!r:.60}; expected a text of 1 to {most} characters.")
    return value.strip()


def _yes_or_no(where: str, raw: Mapping[str, Any], name: str, standard: Any) -> Any:
    value = raw.get(name, standard)
    if value is not standard and not isinstance(value, bool):
        raise RulesError(f"{name} of {where} is {value!r:.60}; expected true or false.")
    return value


def _number(where: str, raw: Mapping[str, Any], name: str, standard: Any, low: float, high: float) -> Any:
    return _checked(where, name, raw[name], low, high) if name in raw else standard


def _whole(where: str, raw: Mapping[str, Any], name: str, standard: Any, low: int, high: int) -> Any:
    value = raw.get(name, standard)
    if value is not standard and (type(value) is not int or not low <= value <= high):
        raise RulesError(f"{name} of {where} is {value!r:.60}; expected a whole number from {low} to {high}.")
    return value


def _checked(where: str, name: str, value: Any, low: float, high: float) -> float:
    right = isinstance(value, int | float) and not isinstance(value, bool)
    # NaN is within no bounds.
    if not right or not low <= value <= high:
        raise RulesError(f"{name} of {where} is {value!r:.60}; expected a number from {low:g} to {high:g}.")
    return float(value)


def _points(where: str, raw: Mapping[str, Any], name: str) -> dict[str, float]:
    table = raw.get(name, {})
    if not isinstance(table, Mapping):
        raise RulesError(f"{name} of {where} is {table!r:.60}; expected names with points, such as {{ x = 0.2 }}.")
    return {str(key): _checked(where, f"{name}.{key}", value, 0.0, MOST_RAISED) for key, value in table.items()}


def _one(where: str, name: str, value: Any, kind: Callable[[str], Kind]) -> Kind:
    allowed = list(kind)  # type: ignore[call-overload]
    if not isinstance(value, str) or value not in allowed:
        raise RulesError(f"{name} of {where} is {value!r:.60}; expected one of {_listed(allowed)}.")
    return kind(value)


def _several(where: str, raw: Mapping[str, Any], name: str, kind: type[Kind]) -> frozenset[Kind]:
    values = raw.get(name, [])
    if not isinstance(values, list):
        raise RulesError(f"{name} of {where} is {values!r:.60}; expected a list such as [{next(iter(kind))!r}].")
    return frozenset(_one(where, name, value, kind) for value in values)


def _listed(names: Any) -> str:
    return ", ".join(sorted(map(str, names))) or "nothing"
