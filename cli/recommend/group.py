"""A group of commands that takes anything else for the words of a customer."""

from typing import Any, Final

from typer.core import TyperGroup

QUERY_COMMAND: Final = "ask"


class AskFirst(TyperGroup):
    """`attune recommend "a kettle"` is `attune recommend ask "a kettle"`; a command's own name means that command.

    A query that is just such a name needs the long form: `attune recommend ask train`.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args != ["--help"] and (not args or args[0] not in self.commands):
            args = [QUERY_COMMAND, *args]
        return super().parse_args(ctx, args)
