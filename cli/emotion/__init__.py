"""`attune emotion`: score a turn and say why; train, calibrate and measure the models that ship."""

import typer

from cli.emotion import calibrate, doubt, evaluate, explain, score, train

app = typer.Typer(
    help="Score a turn and say why; train, calibrate and measure the emotion models.", no_args_is_help=True
)
app.command("score")(score.score)
app.command("explain")(explain.explain)
app.add_typer(train.app, name="train")
app.command("evaluate")(evaluate.evaluate)
app.command("doubt")(doubt.doubt)
app.command("calibrate")(calibrate.calibrate)

__all__ = ["app"]
