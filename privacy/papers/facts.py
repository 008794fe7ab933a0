"""What the papers are generated from: the settings, rules and lists in force, gathered by the process that has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from privacy.notice import Notice
from privacy.places import Period, Place


@dataclass(frozen=True)
class UseCase:
    """One entry of the register: what emotion is used for."""

    name: str
    emotions: Sequence[str]
    question: str
    signals: Sequence[str]
    states: Sequence[str]
    action: str
    retention: str
    benefit: str


@dataclass(frozen=True)
class Measure:
    """A technical measure. in_force: as this installation runs now. detail: how, or what is missing."""

    name: str
    in_force: bool
    detail: str


@dataclass(frozen=True)
class InForce:
    """An installation at one moment. shop: who answers for it, as set; empty where nobody has said so.

    engines: what reads words, voice, face and behaviour here, in words. settings: name, value and meaning of those
    that bear on people's data. prices, relief: the published rules. rights: by kind of caller.
    """

    on: date
    version: str
    shop: str
    contact: str
    places: Sequence[Place]
    periods: Mapping[str, Period]
    notice: Notice
    use_cases: Sequence[UseCase]
    measures: Sequence[Measure]
    settings: Sequence[tuple[str, str, str]]
    engines: Sequence[tuple[str, str]]
    rights: Mapping[str, Sequence[str]]
    prices: Sequence[str]
    relief: Sequence[str]
    request_days: int
    statistics_budget: float
    statistics_min_group: int
