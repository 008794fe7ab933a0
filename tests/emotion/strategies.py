"""Any scores that a turn may have, for properties."""

from hypothesis import strategies as st

from vocabulary import LABELS, Modality, ModalityScore

VOICE_LABELS = tuple(label for label in LABELS if label != "surprise")


@st.composite
def scores(draw: st.DrawFn, modality: Modality) -> ModalityScore:
    known = draw(st.sampled_from([LABELS, VOICE_LABELS, ("anger", "happiness", "neutral")]))
    weights = [draw(st.floats(0.0, 1.0)) if label in known else 0.0 for label in LABELS]
    weights[LABELS.index("neutral")] += 0.01
    total = sum(weights)
    unit = st.floats(0.0, 1.0)
    return ModalityScore(
        modality=modality,
        probabilities=tuple(weight / total for weight in weights),
        confidence=draw(unit),
        arousal=draw(st.none() | st.floats(-1.0, 1.0)),
        valence=draw(st.none() | st.floats(-1.0, 1.0)),
        frustration_cue=draw(st.none() | unit),
        known_labels=known,
    )


@st.composite
def score_sets(draw: st.DrawFn) -> list[ModalityScore]:
    chosen = draw(st.sets(st.sampled_from(list(Modality)), min_size=1, max_size=4))
    return [draw(scores(modality)) for modality in sorted(chosen)]
