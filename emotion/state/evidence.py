"""What one turn says for each customer state that is not frustration."""

from dataclasses import dataclass

from vocabulary import CustomerState, Emotion

_UNSURE_NUANCES = ("confusion", "hesitation")
_AROUSAL_FOR_STRESS = 0.5


@dataclass(frozen=True)
class StateEvidence:
    """Each in [0, 1]."""

    unsure: float = 0.0
    stressed: float = 0.0
    confident: float = 0.0

    @classmethod
    def of(cls, emotion: Emotion) -> "StateEvidence":
        """What this turn shows.

        unsure: the stronger of confusion and hesitation.
        stressed: fear, or a raised voice that is not glad: 1 - (1 - fear) × (1 - .5 × arousal × displeasure), where
        displeasure is (1 - valence) / 2, or what happiness leaves over if valence is unknown.
        confident: pleasure without a cue of dissatisfaction and without doubt: valence × (1 - cue) × (1 - unsure).

        Fear .2, arousal .8, valence -.5: 1 - .8 × (1 - .5 × .8 × .75) = .44.
        """
        unsure = max((emotion.nuances.get(name, 0.0) for name in _UNSURE_NUANCES), default=0.0)
        raised = max(0.0, emotion.arousal or 0.0)
        if emotion.valence is None:
            displeasure = 1.0 - emotion.probability("happiness")
        else:
            displeasure = (1.0 - emotion.valence) / 2.0
        stressed = 1.0 - (1.0 - emotion.probability("fear")) * (1.0 - _AROUSAL_FOR_STRESS * raised * displeasure)
        pleased = max(0.0, emotion.valence or 0.0)
        confident = pleased * (1.0 - (emotion.frustration_cue or 0.0)) * (1.0 - unsure)
        return cls(unsure, min(1.0, max(0.0, stressed)), confident)

    def after(self, previous: CustomerState | None, *, keep: float) -> "StateEvidence":
        """The fading average: keep × before + (1 - keep) × now."""
        if previous is None:
            return StateEvidence(*((1.0 - keep) * value for value in (self.unsure, self.stressed, self.confident)))
        return StateEvidence(
            unsure=keep * previous.unsure + (1.0 - keep) * self.unsure,
            stressed=keep * previous.stressed + (1.0 - keep) * self.stressed,
            confident=keep * previous.confident + (1.0 - keep) * self.confident,
        )
