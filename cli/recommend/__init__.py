"""`attune recommend`: what the shop would suggest and why, and everything that suggestions are made with."""

import typer

from cli.recommend.ask import ask
from cli.recommend.evaluate import evaluate
from cli.recommend.group import AskFirst
from cli.recommend.interactions import interactions
from cli.recommend.policy import policy
from cli.recommend.rules import rules
from cli.recommend.train import train

app = typer.Typer(
    cls=AskFirst,
    no_args_is_help=False,
    help='Suggest items for a customer\'s words (`attune recommend "a quiet kettle"`), and what suggestions stand on.',
)
app.command("ask")(ask)
app.command("rules")(rules)
app.command("interactions")(interactions)
app.command("train")(train)
app.command("evaluate")(evaluate)
app.command("policy")(policy)
# Further commands are mounted here, each from a module of its own.

__all__ = ["app"]
