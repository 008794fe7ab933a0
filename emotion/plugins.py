"""Scorers that other packages bring: found by entry point, checked once at start.

How to write one: docs/howto/scorer-plugin.md. Why so: docs/decisions/0096-panel-and-plug-ins.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final, Protocol, runtime_checkable

from emotion.errors import PluginError
from vocabulary import PLUGIN_MODALITIES, SCORER_ENTRY_POINTS, Absent, Modality, ModalityScore, Signal


@runtime_checkable
class PluginScorer(Protocol):
    """What an entry point of the group `attune.scorers` gives when it is called without arguments.

    name, version: for doctor and logs. modality: one of PLUGIN_MODALITIES, and the entry point's own name.
    signal: what the customer must have consented to; the signal of the modality's name.
    input_type: the class of what score() takes; anything else never reaches it.
    Both functions may be called from several threads, and one that raises makes its modality absent in that turn.
    """

    name: str
    version: str
    modality: Modality
    signal: Signal
    input_type: type

    def score(self, given: Any) -> ModalityScore | Absent:
        """Score one turn's input."""
        ...

    def collect(self, conversation_id: str, since: datetime, until: datetime) -> Any | None:
        """What this customer's own sensor gave between two times, from wherever the package keeps it; None if nothing.

        Asked only when the customer has consented to `signal`: `since` is that consent or the turn before, whichever
        is later; `until` is when the message came. Nothing of it is stored.
        """
        ...


@dataclass(frozen=True)
class LoadedPlugin:
    """A plug-in that passed every check. source: "package 1.2: module:attribute"."""

    scorer: PluginScorer
    source: str


_WANTED: Final = ("name", "version", "modality", "signal", "input_type", "score", "collect")


def load_plugins(found: Iterable[EntryPoint] | None = None) -> tuple[LoadedPlugin, ...]:
    """Every installed scorer, ordered by modality; empty where no package brings one.

    found: entry points to read instead of the installed ones.
    Raises: PluginError, naming the package, when one cannot be loaded or is not what a scorer must be.
    """
    points = entry_points(group=SCORER_ENTRY_POINTS) if found is None else found
    loaded: dict[Modality, LoadedPlugin] = {}
    for point in sorted(points, key=lambda one: (one.name, one.value)):
        source = _source(point)
        scorer = _checked(point, source)
        if scorer.modality in loaded:
            raise PluginError(
                f"{source} and {loaded[scorer.modality].source} both score {scorer.modality}; expected one scorer for "
                "each modality. Uninstall one of the packages."
            )
        loaded[scorer.modality] = LoadedPlugin(scorer, source)
    return tuple(loaded.values())


def _source(point: EntryPoint) -> str:
    package = point.dist
    return f"{f'{package.name} {package.version}: ' if package else ''}{point.value}"


def _checked(point: EntryPoint, source: str) -> PluginScorer:
    allowed = ", ".join(PLUGIN_MODALITIES)
    if point.name not in PLUGIN_MODALITIES:
        raise PluginError(f"{source} is installed as scorer of {point.name!r}; expected one of {allowed}.")
    try:
        scorer = point.load()()
    except Exception as error:
        raise PluginError(
            f"{source} cannot be loaded ({type(error).__name__}). Repair or uninstall the package."
        ) from error
    missing = [name for name in _WANTED if getattr(scorer, name, None) is None]
    if missing:
        raise PluginError(f"{source} has no {', '.join(missing)}; a scorer has {', '.join(_WANTED)}.")
    if scorer.modality != point.name:
        raise PluginError(f"{source} scores {scorer.modality!s}; expected {point.name}, its entry point's name.")
    if not isinstance(scorer.signal, Signal) or scorer.signal.value != point.name:
        raise PluginError(
            f"{source} asks for the signal {scorer.signal!s}; expected Signal.{point.name.upper()}: the customer "
            "consents to that one, and nothing else may be read under it."
        )
    if not isinstance(scorer.input_type, type):
        raise PluginError(f"{source} has the input type {scorer.input_type!r}; expected a class.")
    if not isinstance(scorer.name, str) or not isinstance(scorer.version, str):
        raise PluginError(f"{source}: name and version are {scorer.name!r} and {scorer.version!r}; expected text.")
    if not callable(scorer.score) or not callable(scorer.collect):
        raise PluginError(f"{source}: score or collect is no function; expected both to be.")
    return scorer  # type: ignore[no-any-return]
