"""`attune emotion score`: one turn, all its modalities."""

import typer

from cli.emotion.turn import Audio, Context, Image, Steps, Text, score_turn
from cli.output import AsJson, notes, print_json, reports_errors


@reports_errors
def score(
    text: Text = None,
    audio: Audio = None,
    image: Image = None,
    steps: Steps = None,
    context: Context = None,
    as_json: AsJson = False,
) -> None:
    """Score one turn, as a first message. Nothing of it is kept."""
    turn = score_turn(text, audio, image, steps, context, as_json=as_json)
    scores, absent = turn.readings.scores, turn.readings.absent
    if as_json:
        print_json(
            {
                "emotion": turn.emotion.to_dict() if turn.emotion else None,
                "frustration": round(turn.state.frustration, 1) if turn.state else None,
                "modalities": {one.modality.value: one.to_dict() for one in scores},
                "absent": {modality.value: reason for modality, reason in absent.items()},
            }
        )
        return
    if turn.emotion is None or turn.state is None:
        notes.print("Nothing could be judged: " + "; ".join(f"{name}: {why}" for name, why in absent.items()))
        return
    sure = "" if turn.emotion.certain else " (not certain)"
    typer.echo(
        f"{turn.emotion.label}{sure}, confidence {turn.emotion.confidence:.2f}, "
        f"frustration {turn.state.frustration:.0f} of 100"
    )
    for one in scores:
        reasons = ", ".join(feature.words for feature in one.features) or "nothing that stands out"
        typer.echo(f"  {one.modality.value}: {reasons}")
    for modality, why in absent.items():
        typer.echo(f"  {modality.value}: not judged, {why}")
