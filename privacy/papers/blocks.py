"""What a paper is made of, and the two ways in which it is written: Markdown and HTML."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Heading:
    """A heading. level: 2 or 3; the title of the paper is 1."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Some sentences."""

    text: str


@dataclass(frozen=True)
class Points:
    """A list of points."""

    items: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A table; each row has as many cells as the head."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


Block = Heading | Paragraph | Points | Table


@dataclass(frozen=True)
class Paper:
    """One paper. name: of its files, such as "retention"."""

    name: str
    title: str
    blocks: Sequence[Block]

    @property
    def markdown(self) -> str:
        """The paper for reading as text and for keeping under version control."""
        return "\n\n".join([f"# {_plain(self.title)}", *(_markdown(block) for block in self.blocks)]) + "\n"

    @property
    def html(self) -> str:
        """The paper as one page that needs nothing else: no script, no picture, no other site."""
        body = "\n".join(_html(block) for block in self.blocks)
        title = html.escape(self.title)
        return (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>\n'
            f"<body><main><h1>{title}</h1>\n{body}\n</main></body></html>\n"
        )


_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;color:#1b1f24;background:#fff;margin:0}main{max-width:60rem;margin:auto;"
    "padding:2rem 1rem}h2{margin-top:2rem}table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{border:1px "
    "solid #ccd2d9;padding:.4rem .6rem;text-align:left;vertical-align:top}th{background:#f2f4f7}.wide{overflow-x:auto}"
    "@media print{main{max-width:none;padding:0}}"
)


def _markdown(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * level} {_plain(text)}"
        case Paragraph(text):
            return _plain(text)
        case Points(items):
            return "\n".join(f"- {_plain(item)}" for item in items)
        case Table(head, rows):
            lines = [head, ["---"] * len(head), *rows]
            return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")


def _html(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level}>{html.escape(text)}</h{level}>"
        case Paragraph(text):
            return f"<p>{html.escape(text)}</p>"
        case Points(items):
            return "<ul>" + "".join(f"<li>{html.escape(item)}</li>" for item in items) + "</ul>"
        case Table(head, rows):
            first = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in head)
            others = "".join(
                "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
            )
            return f'<div class="wide"><table><tr>{first}</tr>{others}</table></div>'
