"""What a person gets of their data: one archive with everything as JSON, and the same as a page to read."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any, Final

from store import Export

_STYLE: Final = """
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:52rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:2.5rem;border-top:1px solid #8886;padding-top:1rem}h3{margin-bottom:.25rem}nav ul{columns:2}
.said{margin:.5rem 0;padding:.5rem .75rem;border-left:3px solid #8886}.customer{border-color:#2a6fd6}
small,dt{color:GrayText}dl{margin:.25rem 0 1rem;display:grid;grid-template-columns:minmax(6rem,auto) 1fr;gap:.1rem 1rem}
dd{margin:0;overflow-wrap:anywhere}pre{overflow-x:auto}details{margin:.5rem 0}
"""
_AUTHORS: Final = {"customer": "You", "bot": "The assistant", "agent": "A person of the shop"}


def archive(export: Export) -> bytes:
    """A zip file: data.json (complete), index.html (readable without a network), media/ (what still waits)."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("data.json", json.dumps(export.data, ensure_ascii=False, indent=1))
        file.writestr("index.html", "".join(_page(export.data)))
        for name, content in export.media.items():
            file.writestr(f"media/{name}", content)
    return packed.getvalue()


def _page(data: Mapping[str, Any]) -> Iterator[str]:
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Your data</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    # The file is opened from a disk: nothing in it may run or load, whatever somebody once wrote.
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<style>{_STYLE}</style></head><body><h1>Your data</h1>"
    yield f"<p>Everything that is stored of you, as of {_moment(data['made_at'])}. The same, for machines, is in "
    yield "data.json. Each part says what it is for.</p><nav><ul>"
    if data["conversations"]:
        yield '<li><a href="#talks">What was said</a></li>'
    for place in data["places"]:
        yield f'<li><a href="#{escape(place["name"])}">{escape(place["title"])}</a></li>'
    yield "</ul></nav>"
    if data["conversations"]:
        yield '<h2 id="talks">What was said</h2>'
        for talk in data["conversations"]:
            yield from _talk(talk)
    for place in data["places"]:
        yield f'<h2 id="{escape(place["name"])}">{escape(place["title"])}</h2>'
        yield f"<p><small>Kept to {escape(place['purpose'])}.</small></p>"
        for table, rows in place["tables"].items():
            yield f"<details><summary>{escape(table.replace('_', ' '))}: {len(rows)}</summary>"
            for row in rows:
                yield _value(row)
            yield "</details>"
    yield "</body></html>"


def _talk(talk: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h3>Conversation of {_moment(talk['began_at'])}</h3>"
    for message in talk["messages"]:
        author = str(message["author"])
        yield f'<div class="said {escape(author)}"><small>{escape(_AUTHORS.get(author, author))}, '
        yield f"{_moment(message['at'])}{', spoken' if message['spoken'] else ''}</small><br>"
        yield escape(str(message["text"])).replace("\n", "<br>")
        for suggestion in message["suggestions"]:
            yield f"<br><small>Suggested: {escape(str(suggestion.get('title', '')))}</small>"
        yield "</div>"


def _moment(at: Any) -> str:
    """A time as people write it; data.json has it to the microsecond."""
    try:
        when = datetime.fromisoformat(str(at)).astimezone(UTC)
    except ValueError:
        return escape(str(at))
    return f"{when.day} {when:%B %Y, %H:%M} UTC"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        rows = "".join(f"<dt>{escape(str(name))}</dt><dd>{_value(one)}</dd>" for name, one in value.items())
        return f"<dl>{rows}</dl>"
    if isinstance(value, list):
        return "<br>".join(_value(one) for one in value) if value else "<small>none</small>"
    return "<small>none</small>" if value is None else escape(str(value))
