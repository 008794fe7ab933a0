"""`attune privacy papers`: the governance papers as they are in force."""

import os
from pathlib import Path
from typing import Annotated

import typer

from cli.output import AsJson, notes, print_json, reports_errors
from service import Settings, papers_in_force


@reports_errors
def papers(
    out: Annotated[Path | None, typer.Option(help="Folder for a .md and a .html of each; default: only named.")] = None,
    as_json: AsJson = False,
) -> None:
    """Record of processing, impact assessment, use cases, red lines, retention, and the form for a new use."""
    made = papers_in_force(Settings())
    files: list[str] = []
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for paper in made:
            for ending, text in (("md", paper.markdown), ("html", paper.html)):
                path = out / f"{paper.name}.{ending}"
                # Read by auditors only: the names of settings and measures are a map for attackers.
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    file.write(text)
                files.append(str(path))
    if as_json:
        print_json({"papers": [{"name": paper.name, "title": paper.title} for paper in made], "files": files})
        return
    for paper in made:
        typer.echo(f"{paper.name:22} {paper.title}")
    notes.print(f"{len(files)} files in {out}." if out else "Write them with --out FOLDER.", markup=False)
