"""The bytes of a file to import, however they arrive, and the text in them."""

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from recommender.errors import CatalogueFileError

_CHUNK: Final = 1 << 20
_SAMPLE: Final = 1 << 18
_MARKS: Final = (
    # UTF-32's mark begins with UTF-16's.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN: Final = frozenset("äöüÄÖÜßéèêëàâáçñíóúòùûôîïøåæØÅÆÉÈÀÇÑãõ€£°–—’‘“”…•®™©×²³½¼±«»§´`·¿¡µ\xa0")
_CANDIDATES: Final = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "iso8859_2", "koi8_r", "cp932", "gb18030",
    "big5", "euc_kr", "mac_roman",
]  # fmt: skip
_ALPHABETS: Final = {
    # German, French, Spanish, Portuguese, Italian, Swedish, Danish and Norwegian, Finnish, Dutch, Icelandic.
    "cp1252": "äöüß éèêëàâçùûôîïœ áéíóúñü ãõáéíóúâêôàç àèéìòù åäöé æøåéö äöå ëïéóöü áðéíóúýþæö",
    # Czech, Slovak, Polish, Hungarian, Croatian and Slovene, Romanian.
    "cp1250": "áčďéěíňóřšťúůýž áäčďéíĺľňóôŕšťúýž ąćęłńóśźż áéíóöőúüű čćđšž ăâîşţ",
}
_ONE_LANGUAGE: Final = 0.9
_WESTERN_FROM: Final = 0.97
MIXED: Final = "attune_mixed"
_MIXED_FROM: Final = 0.2


@dataclass(frozen=True)
class Source:
    """A file by its path, or its content. name: as its owner calls it; its ending is a hint only."""

    content: Path | bytes
    name: str

    @property
    def size(self) -> int:
        """Bytes. Raises: OSError."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size

    def open(self) -> BinaryIO:
        """From its beginning, as often as needed. Raises: OSError."""
        return io.BytesIO(self.content) if isinstance(self.content, bytes) else self.content.open("rb")

    def head(self, size: int = _SAMPLE) -> bytes:
        """The first bytes."""
        with self.open() as file:
            return file.read(size)

    def chunks(self) -> Iterator[bytes]:
        """All of it, a megabyte at a time."""
        with self.open() as file:
            while chunk := file.read(_CHUNK):
                yield chunk

    def text(self, encoding: str, *, mixed: bool = False) -> TextIO:
        """Its text; line ends become a line feed. mixed: bytes that are no UTF-8 are read as Windows-1252."""
        return io.TextIOWrapper(self.open(), encoding=encoding, errors=MIXED if mixed else "replace", newline=None)


@dataclass(frozen=True)
class Encoding:
    """How text is written as bytes. mixed: mostly UTF-8, and some of it Windows-1252. sure: not a guess."""

    name: str
    mixed: bool = False
    sure: bool = True


def find_encoding(source: Source, given: str | None = None) -> Encoding:
    """By what was given, the mark at the beginning, validity as UTF-8, or the likeliest of the older ones.

    Raises: CatalogueFileError for an encoding that Python does not know.
    """
    if given:
        try:
            # What Python calls a codec may also pack, or know names of hosts only; and only text is read here.
            b"a".decode(given, "replace")
            return Encoding(codecs.lookup(given).name)
        except (LookupError, ValueError):
            raise CatalogueFileError(
                f"encoding {given!r} is not known; expected one such as utf-8, cp1252 or utf-16."
            ) from None
    head = source.head()
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name)
    if (wide := _wide(head)) is not None:
        return Encoding(wide)
    right, wrong, lines = _as_utf8(source)
    if not wrong:
        return Encoding("utf-8")
    # In files of older encodings few bytes make valid UTF-8 by chance.
    if right > _MIXED_FROM * (right + wrong):
        return Encoding("utf-8", mixed=True)
    return Encoding(_older(lines), sure=False)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark has a zero byte beside nearly every Latin letter."""
    if len(head) < 4:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _as_utf8(source: Source) -> tuple[int, int, bytes]:
    """How many letters beyond ASCII are valid UTF-8, how many bytes are not, and lines that hold such bytes."""
    right = wrong = 0
    samples = bytearray()
    rest = b""
    for chunk in source.chunks():
        data = rest + chunk
        # Whole lines only, so that no letter is cut in two; a line longer than a chunk is cut nevertheless.
        end = data.rfind(b"\n") + 1 or len(data)
        data, rest = data[:end], data[end:]
        if data.isascii():
            continue
        more_right, more_wrong = _count(data, samples)
        right, wrong = right + more_right, wrong + more_wrong
    more_right, more_wrong = _count(rest, samples)
    return right + more_right, wrong + more_wrong, bytes(samples)


def _count(data: bytes, samples: bytearray) -> tuple[int, int]:
    text = data.decode("utf-8", "surrogateescape")
    wrong = sum(1 for letter in text if "\udc80" <= letter <= "\udcff")
    if wrong and len(samples) < _SAMPLE:
        for line in data.splitlines():
            if not line.isascii():
                samples += line[:2000] + b"\n"
            if len(samples) > _SAMPLE:
                break
    return sum(1 for letter in text if letter > "\x7f") - wrong, wrong


def _older(lines: bytes) -> str:
    """The encoding in which the letters are those of one language; otherwise the likeliest by its words.

    Czech in Windows-1250 is also readable as Windows-1252, but no language writes with the letters that come out then.
    """
    best, found = 0.0, ""
    for encoding, alphabets in _ALPHABETS.items():
        letters = [letter.lower() for letter in lines.decode(encoding, "replace") if letter > "\x7f"]
        words = [letter for letter in letters if letter.isalpha() or letter == "\ufffd"]
        for alphabet in alphabets.split():
            share = sum(letter in alphabet for letter in words) / max(1, len(words))
            if share > best:
                best, found = share, encoding
        if not words:
            return "cp1252"
    if best > _ONE_LANGUAGE:
        return found
    letters = [letter for letter in lines.decode("cp1252", "replace") if letter > "\x7f"]
    if sum(letter in _WESTERN for letter in letters) > _WESTERN_FROM * len(letters):
        return "cp1252"
    from charset_normalizer import from_bytes

    likeliest = from_bytes(lines, cp_isolation=_CANDIDATES).best()
    return likeliest.encoding if likeliest is not None else "cp1252"


def _read_as_windows(err: UnicodeError) -> tuple[str, int]:
    """What decodes bytes that are no UTF-8, one at a time."""
    if not isinstance(err, UnicodeDecodeError):
        raise err
    return err.object[err.start : err.start + 1].decode("cp1252", "replace"), err.start + 1


codecs.register_error(MIXED, _read_as_windows)
