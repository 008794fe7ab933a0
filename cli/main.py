"""The `attune` command: every command of the product, mounted in one place."""

import typer

from cli import (
    audit,
    bench,
    bot_example,
    catalogue,
    database,
    emotion,
    keys,
    privacy,
    recommend,
    speech,
    speech_voices,
    user,
)
from cli.doctor import doctor
from cli.metrics import metrics
from cli.papers import papers
from cli.redaction import redaction
from cli.say import say
from cli.statistics import statistics
from cli.train import train
from cli.up import up

app = typer.Typer(
    help="Attune: a customer-service assistant that notices how the customer feels.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.command()(up)
app.command()(doctor)
app.command()(say)
app.command()(metrics)
app.command()(train)
speech.app.command("voices")(speech_voices.voices)
speech.app.add_typer(speech_voices.app, name="diarization")
app.add_typer(recommend.app, name="recommend")
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(speech.app, name="speech")
app.add_typer(emotion.app, name="emotion")
app.add_typer(user.app, name="user")
app.add_typer(audit.app, name="audit")
app.add_typer(keys.app, name="keys")
privacy.app.command()(papers)
privacy.app.command()(statistics)
privacy.app.command()(redaction)
app.add_typer(privacy.app, name="privacy")
app.add_typer(bot_example.app, name="bot")
app.add_typer(database.app, name="db")
app.add_typer(bench.app, name="bench")


def main() -> None:
    """Entry point of the console script."""
    app()


if __name__ == "__main__":
    main()
