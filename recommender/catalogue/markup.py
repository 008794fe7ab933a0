"""HTML in descriptions becomes text: nothing of it is shown as markup."""

import html
import re
from typing import Final

MOST: Final = 20_000
"""Characters of a description that are kept; an encoder reads a few hundred words."""
_RAW_MOST: Final = 200_000
_MARKUP: Final = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&(?:[a-zA-Z]{2,10}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_ESCAPED: Final = re.compile(r"&lt;/?[a-zA-Z][^<>]{0,200}&gt;")
# Each sign is looked at a bounded number of times: the standard library's parser takes minutes for some 200 kB.
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SECTION: Final = re.compile(r"<!\[CDATA\[|\]\]>")
_TAG: Final = re.compile(
    r"<(?:(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]*+)"
    r"(?:(?P<whole>(?:\"[^\"]*+\"|'[^']*+'|[^\"'<>])*+)|(?P<torn>[^<>]*+))|[!?][^<>]*+)>"
)
_HIDDEN: Final = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg"})
_END_OF: Final = {name: re.compile(rf"</{name}\b[^<>]*>?", re.IGNORECASE) for name in _HIDDEN}
_BLOCKS: Final = frozenset(
    {
        "p", "div", "br", "hr", "li", "ul", "ol", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section",
        "article", "header", "footer", "dl", "dt", "dd", "blockquote", "pre", "tbody", "thead",
    }
)  # fmt: skip


def _visible(text: str) -> str:
    """What a reader would see of it."""
    parts: list[str] = []
    at = 0
    while (tag := _TAG.search(text, at)) is not None:
        parts.append(html.unescape(text[at : tag.start()]))
        at = tag.end()
        name = (tag["name"] or "").lower()
        is_empty = (tag["whole"] or tag["torn"] or "").endswith("/")
        if name in _HIDDEN and not tag["end"] and not is_empty:
            end = _END_OF[name].search(text, at)
            at = len(text) if end is None else end.end()
        elif name == "li" and not tag["end"]:
            parts.append("\n- ")
        elif name in _BLOCKS:
            parts.append("\n")
        elif name in ("td", "th") and not tag["end"]:
            parts.append(" ")
    parts.append(html.unescape(text[at:]))
    return "".join(parts)


def plain_text(words: str) -> str:
    """Text without tags, comments, scripts and entities; paragraphs and list entries are lines of their own."""
    text = words[:_RAW_MOST]
    if _ESCAPED.search(text):
        text = html.unescape(text)
    if _MARKUP.search(text):
        text = _visible(_SECTION.sub("", _COMMENT.sub("", text)))
    lines = (re.sub(r"[ \t\r\f\v\u00a0]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line and line != "-")


def has_markup(words: str) -> bool:
    """Whether there is HTML in it."""
    return _MARKUP.search(words[:_RAW_MOST]) is not None or _ESCAPED.search(words[:_RAW_MOST]) is not None
