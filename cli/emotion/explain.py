"""`attune emotion explain`: why the assistant would do what it does after a turn."""

from typing import Annotated

import typer

from cli.emotion.turn import Audio, Context, Image, Steps, Text, score_turn
from cli.output import AsJson, print_json, reports_errors
from emotion import Audience
from emotion import explain as explain_assessment
from journey import decide, sensitive_topic
from vocabulary import Assessment, DialogueEvidence


@reports_errors
def explain(
    text: Text = None,
    audio: Audio = None,
    image: Image = None,
    steps: Steps = None,
    context: Context = None,
    audience: Annotated[Audience, typer.Option(help="Who reads it.")] = Audience.AGENT,
    as_json: AsJson = False,
) -> None:
    """Say in two or three sentences what a turn was taken for, what moved that most, and what follows."""
    turn = score_turn(text, audio, image, steps, context, as_json=as_json)
    evidence = DialogueEvidence(sensitive_topic=sensitive_topic(text) if text else None)
    decision = decide(turn.state, turn.emotion, evidence)
    assessment = Assessment(
        conversation_id="",
        message_id="",
        scores=turn.readings.scores,
        absent=turn.readings.absent,
        emotion=turn.emotion,
        state=turn.state,
    )
    sentences = explain_assessment(assessment, decision, audience=audience, options=turn.fusion)
    if as_json:
        print_json({"audience": audience.value, "sentences": list(sentences), "decision": decision.to_dict()})
        return
    for sentence in sentences:
        typer.echo(sentence)
