"""HTML in descriptions: what a reader would see, and never minutes for one cell."""

import time

import pytest

from recommender.catalogue.markup import plain_text
from recommender.catalogue.source import Source, find_encoding
from recommender.errors import CatalogueFileError


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("<p>one<!-- two --> three</p> <b>four</b>", "one three\nfour"),
        ("<ul><li>a</li><li>b &amp; c</li></ul>", "- a\n- b & c"),
        ("<script>if (a<b) {x}</script>Hi<style>p{}</style> there", "Hi there"),
        ('<img alt="a > b" src=x>pic', "pic"),
        ("<iframe/>z <svg><text>no</text></svg>yes", "z yes"),
        ('<a href="x>y</a> z', "y z"),
        ("<![CDATA[<p>hi</p>]]>", "hi"),
        ("5 < 6 & 7 > 3", "5 < 6 & 7 > 3"),
        ("&lt;p&gt;Hi&lt;/p&gt;", "Hi"),
        ("kept<!-- never closed <b>gone</b>", "kept"),
    ],
)
def test_markup_becomes_text(words: str, text: str) -> None:
    assert plain_text(words) == text


@pytest.mark.parametrize("torn", ["<!--", '<a b="', "<a b='", "<!a", "<script>", '<a "<" ', "</", "<![CDATA["])
def test_torn_markup_takes_no_longer_than_its_length(torn: str) -> None:
    """Ten times the length of what took a parser that looks back seconds."""
    started = time.process_time()
    plain_text("<b>x</b>" + torn * (190_000 // len(torn)))
    assert time.process_time() - started < 5


@pytest.mark.parametrize("given", ["zip", "rot13", "hex", "idna", "undefined", "a\0b", "no-such"])
def test_an_encoding_that_reads_no_text_is_refused(given: str) -> None:
    with pytest.raises(CatalogueFileError, match="is not known"):
        find_encoding(Source(b"id,title\n1,Kettle\n", "shop.csv"), given)
