"""What fusion knows about its modalities beforehand: how reliable each is, and how far its numbers go too far."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from emotion.errors import ModelError
from emotion.model_files import META_FILE
from vocabulary import LABELS

REVISION: Final = 1
"""Format of models/fusion/meta.json; another one is refused."""

UNKNOWN_RELIABILITY: Final = 0.25
"""Of a modality that nobody has measured here, such as a plug-in's: half of what an unmeasured voice would get."""

_REMAKE: Final = "Make it again with `attune emotion calibrate`."
_RELIABILITY: Final = {"text": 1.0, "voice": 0.5, "face": 0.5, "behaviour": 0.25}


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ModelError(f"{name} is {value}; expected {low} to {high}. {_REMAKE}")


@dataclass(frozen=True)
class FusionOptions:
    """The constants of pooling; `attune emotion calibrate` fits them (docs/decisions/0092-fusion.md).

    reliability: how much a modality's confidence counts against the others', by its name, at least 0. Only the
    ratios matter. temperature: what divides a modality's logits before pooling, 1 to 5: fusion may soften a scorer
    and never sharpen it, because a scorer that holds back does so for reasons that its own corpus cannot show.
    agreement: [0, 1], how far agreeing modalities make each other surer; 0 pools as if they all repeated one
    observation, 1 as if they were independent ones.
    habit: by modality, in the order of LABELS, the mean probabilities that its scorer gives where every label is
    equally frequent: what it says out of habit. habit_kept: [0, 1], how often the common habit counts in the result.
    1: once, however many modalities repeat it, so that one alone is unchanged; 0: never, as if labels were equally
    frequent.
    certain_from: [0, 1], the confidence floor. contradiction_from: [0, 1], how sure a contradiction must be
    (emotion.fusion.pooling.contradiction) to be called one. version: of the file they came from.
    Raises: ModelError.
    """

    reliability: Mapping[str, float] = field(default_factory=lambda: dict(_RELIABILITY))
    temperature: Mapping[str, float] = field(default_factory=dict)
    agreement: float = 0.0
    habit: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    habit_kept: float = 1.0
    certain_from: float = 0.5
    contradiction_from: float = 0.5
    version: str = "unfitted"

    def __post_init__(self) -> None:
        for name, value in self.reliability.items():
            _check(f"reliability of {name}", value, 0.0, 100.0)
        for name, value in self.temperature.items():
            _check(f"temperature of {name}", value, 1.0, 5.0)
        for name, habit in self.habit.items():
            if len(habit) != len(LABELS):
                raise ModelError(f"the habit of {name} has {len(habit)} numbers; expected {len(LABELS)}. {_REMAKE}")
            for value in habit:
                _check(f"habit of {name}", value, 0.0, 1.0)
        for name in ("agreement", "habit_kept", "certain_from", "contradiction_from"):
            _check(name, getattr(self, name), 0.0, 1.0)

    def reliability_of(self, modality: str) -> float:
        """What a modality's confidence counts; low for one that was never measured."""
        return self.reliability.get(str(modality), UNKNOWN_RELIABILITY)

    def temperature_of(self, modality: str) -> float:
        """What divides a modality's logits."""
        return self.temperature.get(str(modality), 1.0)

    def habit_of(self, modality: str) -> tuple[float, ...]:
        """What a modality's scorer says out of habit; even shares for one that was never measured."""
        return self.habit.get(str(modality), (1.0 / len(LABELS),) * len(LABELS))

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": "fusion",
            "revision": REVISION,
            "reliability": dict(self.reliability),
            "temperature": dict(self.temperature),
            "agreement": self.agreement,
            "habit": {name: list(habit) for name, habit in self.habit.items()},
            "habit_kept": self.habit_kept,
            "certain_from": self.certain_from,
            "contradiction_from": self.contradiction_from,
            "version": self.version,
        }

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Self:
        """Raises: KeyError, TypeError, ValueError, ModelError."""
        return cls(
            reliability={str(name): float(value) for name, value in raw["reliability"].items()},
            temperature={str(name): float(value) for name, value in raw["temperature"].items()},
            agreement=float(raw["agreement"]),
            habit={str(name): tuple(float(value) for value in habit) for name, habit in raw["habit"].items()},
            habit_kept=float(raw["habit_kept"]),
            certain_from=float(raw["certain_from"]),
            contradiction_from=float(raw["contradiction_from"]),
            version=str(raw["version"]),
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a folder that `attune emotion calibrate` wrote. Raises: ModelError."""
        path = folder / META_FILE
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            found = (raw["kind"], int(raw["revision"]))
            options = cls.from_dict(raw)
        except FileNotFoundError:
            raise ModelError(f"{folder} holds no fitted fusion. {_REMAKE}") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ModelError(f"{path} cannot be read. {_REMAKE}") from None
        if found != ("fusion", REVISION):
            raise ModelError(f"{path} has kind and revision {found}; expected {('fusion', REVISION)}. {_REMAKE}")
        return options


DEFAULTS: Final = FusionOptions()
