"""HTML in descriptions becomes text: nothing of it is shown as markup."""

import html
import re
from html.parser import HTMLParser
from typing import Final

MOST: Final = 20_000
"""Characters of a description that are kept; an encoder reads a few hundred words."""
_RAW_MOST: Final = 200_000
_MARKUP: Final = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&(?:[a-zA-Z]{2,10}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_ESCAPED: Final = re.compile(r"&lt;/?[a-zA-Z][^<>]{0,200}&gt;")
_HIDDEN: Final = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg"})
_BLOCKS: Final = frozenset(
    {
        "p", "div", "br", "hr", "li", "ul", "ol", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section",
        "article", "header", "footer", "dl", "dt", "dd", "blockquote", "pre", "tbody", "thead",
    }
)  # fmt: skip


class _Reader(HTMLParser):
    """Collects what a reader would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def plain_text(words: str) -> str:
    """Text without tags, comments, scripts and entities; paragraphs and list entries are lines of their own."""
    text = words[:_RAW_MOST]
    if _ESCAPED.search(text):
        text = html.unescape(text)
    if _MARKUP.search(text):
        reader = _Reader()
        # "<" before a letter would open a tag that never ends; the parser keeps such a rest back until close().
        reader.feed(text)
        reader.close()
        text = "".join(reader.parts)
    lines = (re.sub(r"[ \t\r\f\v\u00a0]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line and line != "-")


def has_markup(words: str) -> bool:
    """Whether there is HTML in it."""
    return _MARKUP.search(words[:_RAW_MOST]) is not None or _ESCAPED.search(words[:_RAW_MOST]) is not None
