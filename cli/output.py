"""How every command speaks: one JSON object for machines, plain words for people, errors with a next step."""

import json
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, Any, Final, NoReturn, ParamSpec

import typer
from rich.console import Console
from rich.markup import escape

P = ParamSpec("P")
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2
notes: Final = Console(stderr=True, highlight=False)


def print_json(result: Mapping[str, Any]) -> None:
    """Exactly one JSON object on standard output."""
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")


def print_report(report: Mapping[str, Any], *, as_json: bool) -> None:
    """One JSON object, or a line for each figure; figures that belong together stand under their name."""
    if as_json:
        print_json(report)
        return
    for part, figures in report.items():
        if isinstance(figures, dict):
            typer.echo(part)
            for name, value in figures.items():
                typer.echo(f"  {name}: {_plain(value)}")
        else:
            typer.echo(f"{part}: {_plain(figures)}")


def fail(message: str, *, code: str = "failed", as_json: bool = False, status: int = EXIT_FAILED) -> NoReturn:
    """Say what went wrong and leave with a non-zero status."""
    if as_json:
        print_json({"error": {"code": code, "message": message}})
    else:
        notes.print(f"[red]attune:[/red] {escape(message)}", markup=True)
    raise typer.Exit(status)


def reports_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Turn an error that carries a `code` into a message; a fault of ours keeps its traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        as_json = bool(kwargs.get("as_json", False))
        try:
            command(*args, **kwargs)
        except (typer.Exit, typer.Abort):
            raise
        except OSError as err:
            fail(f"{err.strerror or err}: {err.filename or ''}".rstrip(": "), code="os_error", as_json=as_json)
        except Exception as err:
            code = getattr(err, "code", None)
            if not isinstance(code, str):
                raise
            fail(str(err), code=code, as_json=as_json)

    return run


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(_plain(one) for one in value) or "none"
    return str(value)
