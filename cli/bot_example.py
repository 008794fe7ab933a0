"""`attune bot example`: sentences of customers as examples for the assistant."""

import asyncio
from typing import Annotated

import typer

from cli.opened import opened_database
from cli.output import AsJson, fail, notes, print_json, reports_errors
from privacy import COMMAND
from service import Settings
from store import BotExamples, example_source
from vocabulary import Author, Purpose, Signal

app = typer.Typer(help="The assistant's own files.", no_args_is_help=True)
examples = typer.Typer(help="Sentences of customers as examples.", no_args_is_help=True)
app.add_typer(examples, name="example")


@examples.callback()
def example() -> None:
    """Sentences of customers as examples."""


@examples.command()
@reports_errors
def add(
    conversation: Annotated[str, typer.Argument(help="The conversation's id.")],
    message: Annotated[str, typer.Argument(help="The id of a message that the customer wrote.")],
    intent: Annotated[str, typer.Argument(help="What the message means, an intent of domain.yml.")],
    as_json: AsJson = False,
) -> None:
    """Copy one message into the training file, without personal data and with a mark of its source.

    Only if the customer has allowed that their words improve the service. Train the assistant afterwards.
    """
    settings = Settings()

    async def run() -> tuple[str, str]:
        async with opened_database(settings) as db, db.transaction() as tx:
            found = await tx.inbox.get(conversation, message)
            talk = await tx.conversations.get(conversation)
            if talk is None or found is None or found.author is not Author.CUSTOMER:
                fail("there is no such message of a customer.", code="not_found", as_json=as_json)
            if Signal.TEXT not in await tx.consents.granted(talk.customer_id, Purpose.IMPROVE):
                fail(
                    "the customer has not allowed that their words improve the service; choose another message.",
                    code="no_consent",
                    as_json=as_json,
                )
            await tx.audit.add(COMMAND, "bot.example", subject=talk.customer_id, purpose="example for the assistant")
            return db.redactor.redact(found.text).text, example_source(settings.keyring(), talk.customer_id)

    text, source = asyncio.run(run())
    added = BotExamples(settings.bot_examples).add(intent, text, source)
    if as_json:
        print_json({"intent": intent, "added": added, "file": str(settings.bot_examples)})
    else:
        notes.print("Added. Run: attune train" if added else "The intent has this example already.")
